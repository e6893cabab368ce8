import { render } from 'preact';
import { App } from './app.tsx';
import './styles/theme.css';
import './styles/base.css';
import './styles/map.css';
import './styles/buttons.css';
import './styles/panel.css';
import './styles/controls.css';
import './styles/cards.css';
import './styles/centre.css';
import './styles/drop-zone.css';
import './styles/menu.css';
import './styles/dialog.css';
import './styles/strava.css';
import './styles/entries.css';

render(<App />, document.getElementById('app')!);
