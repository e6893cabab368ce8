import { render } from 'preact';
import { App } from './app.tsx';
import { shareKeyOf } from './shared/key.ts';
import { SharedPage } from './shared/shared-page.tsx';
import './styles/theme.css';
import './styles/base.css';
import './styles/map.css';
import './styles/buttons.css';
import './styles/panel.css';
import './styles/controls.css';
import './styles/colours.css';
import './styles/timeline.css';
import './styles/cards.css';
import './styles/side-card.css';
import './styles/near.css';
import './styles/centre.css';
import './styles/drop-zone.css';
import './styles/menu.css';
import './styles/dialog.css';
import './styles/poster.css';
import './styles/strava.css';
import './styles/entries.css';
import './styles/privacy.css';
import './styles/shared.css';
import './styles/activities.css';

const shareKey = shareKeyOf(location.pathname);

render(shareKey === null ? <App /> : <SharedPage shareKey={shareKey} />, document.getElementById('app')!);
