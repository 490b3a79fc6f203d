// Without its fonts, which weigh more than the pages.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
