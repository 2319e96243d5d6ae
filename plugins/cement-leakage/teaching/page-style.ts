// How the offline teaching page looks: dark beside the images, one column on a phone.
export const pageStyle = `
:root { color-scheme: dark; font: 16px/1.45 system-ui, "Noto Sans CJK SC", sans-serif; background: #101214; color: #e9ecef; }
body { margin: 0 auto; padding: 12px 16px; max-width: 1280px; }
header p { margin: 2px 0; }
h1 { font-size: 1.35rem; margin: 0 0 4px; }
h2 { font-size: 1.05rem; margin: 14px 0 4px; }
p { margin: 4px 0; }
main { display: flex; flex-wrap: wrap; gap: 20px; margin-top: 12px; align-items: flex-start; }
.images { flex: 1 1 480px; min-width: min(100%, 320px); max-width: 760px; }
.questions { flex: 1 1 320px; }
#frame { position: relative; touch-action: none; cursor: crosshair; background: #000; margin: 8px 0; }
#frame:focus-visible { outline: 2px solid #74c0fc; outline-offset: 2px; }
#image { display: block; width: 100%; max-height: 74vh; object-fit: fill; }
#marks { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.row input { flex: 1 1 160px; }
button, select { font: inherit; font-size: 0.95rem; color: inherit; background: #2b2f34; border: 1px solid #5c636a; border-radius: 4px; padding: 4px 10px; min-height: 32px; }
button:hover { background: #3a4047; }
button:focus-visible, select:focus-visible, input:focus-visible { outline: 2px solid #74c0fc; outline-offset: 1px; }
button[aria-pressed="true"] { background: #1c4f7c; border-color: #74c0fc; }
button.main { background: #0b6b4f; border-color: #38d9a9; }
li button, p button, legend button { padding: 0 8px; min-height: 26px; }
fieldset { border: 1px solid #495057; border-radius: 4px; margin: 8px 0; display: flex; flex-wrap: wrap; gap: 8px; }
.hint { color: #adb5bd; }
.score { font-size: 1.3rem; font-weight: 600; }
[data-right="true"], [data-site="true"], [data-size="true"] { color: #63e6be; }
[data-right="false"], [data-site="false"], [data-size="false"], .missed { color: #ffa8a8; }
ol.judged { padding-left: 1.4em; }
figure { margin: 10px 0; }
figure img { max-width: 100%; height: auto; }
figcaption { font-size: 0.9rem; color: #ced4da; }
footer { margin-top: 20px; font-size: 0.9rem; color: #adb5bd; }
`;
