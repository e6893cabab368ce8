import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/buttons.css';
import './styles/panel.css';
import './styles/controls.css';
import './styles/cards.css';
import './styles/centre.css';
import './styles/drop-zone.css';

render(<App />, document.getElementById('app')!);
