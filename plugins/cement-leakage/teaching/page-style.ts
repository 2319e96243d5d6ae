// How the offline teaching page looks: dark beside the images, one column on a phone.
export const pageStyle = `
:root { color-scheme: dark; font: 16px/1.45 system-ui, "Noto Sans CJK SC", sans-serif; background: #101214; color: #e9ecef; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 12px 16px; max-width: 1320px; }
header { position: relative; }
header p { margin: 2px 0; max-width: 75ch; }
header .badge { float: right; margin: 4px 0 0 12px; padding: 2px 10px; border: 1px solid #e8a33d; border-radius: 999px; color: #ffc978; font-size: 0.82rem; }
h1 { font-size: 1.4rem; margin: 0 0 4px; }
h2 { font-size: 1.05rem; margin: 16px 0 4px; }
p { margin: 4px 0; }
main { display: flex; flex-wrap: wrap; gap: 24px; margin-top: 12px; align-items: flex-start; }
.images { flex: 1 1 480px; min-width: min(100%, 300px); max-width: 760px; }
.questions { flex: 1 1 340px; min-width: min(100%, 300px); }
.questions h2:first-child { margin-top: 0; }
.bar { justify-content: space-between; }
#frame { position: relative; touch-action: none; cursor: crosshair; background: #000; margin: 8px auto; max-width: calc(72vh * var(--ratio, 1)); min-width: min(100%, 260px); }
#frame:focus-visible { outline: 2px solid #74c0fc; outline-offset: 2px; }
#image { display: block; width: 100%; }
#marks { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.row input[type="range"] { flex: 1 1 160px; accent-color: #4dabf7; }
#where { font-variant-numeric: tabular-nums; font-size: 0.9rem; color: #ced4da; min-width: 15ch; }
button, select, input[type="text"] { font: inherit; font-size: 0.95rem; color: inherit; background: #2b2f34; border: 1px solid #5c636a; border-radius: 6px; padding: 5px 12px; min-height: 36px; }
select { max-width: 100%; }
button:hover { background: #3a4047; }
button:focus-visible, select:focus-visible, input:focus-visible { outline: 2px solid #74c0fc; outline-offset: 1px; }
button[aria-pressed="true"] { background: #1c4f7c; border-color: #74c0fc; }
button.main { background: #0b6b4f; border-color: #38d9a9; }
button.main:hover { background: #0d7f5e; }
li { margin: 4px 0; }
li button, p button, legend button { padding: 1px 10px; min-height: 30px; margin-right: 6px; }
fieldset { border: 1px solid #495057; border-radius: 6px; margin: 8px 0; display: flex; flex-wrap: wrap; gap: 8px 16px; }
.hint { color: #adb5bd; font-size: 0.9rem; }
.score { font-size: 1.35rem; font-weight: 600; }
[data-right="true"], [data-site="true"], [data-size="true"], .right { color: #63e6be; }
[data-right="false"], [data-site="false"], [data-size="false"], .missed { color: #ffa8a8; }
.missed button { color: #e9ecef; }
ol.judged { padding-left: 1.4em; }
#pictures { margin-top: 8px; border-top: 1px solid #343a40; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 16px 20px; }
figure { margin: 0; }
.pair { display: flex; gap: 4px; }
.picture { flex: 1 1 0; max-width: 50%; padding: 0; border: 0; border-radius: 0; background: #000; cursor: zoom-in; line-height: 0; }
.picture svg, #large svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 0.92rem; color: #ced4da; margin-top: 4px; }
#large { border: 1px solid #5c636a; border-radius: 8px; background: #101214; color: inherit; padding: 12px; width: min(96vw, 84vh, 900px); }
#large::backdrop { background: rgb(0 0 0 / 0.75); }
table { border-collapse: collapse; margin: 8px 0; }
th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid #343a40; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
footer { margin-top: 24px; font-size: 0.9rem; color: #adb5bd; }
@media (max-width: 640px) {
  body { padding: 8px 10px; }
  h1 { font-size: 1.2rem; }
  button, select { min-height: 44px; }
  header .badge { float: none; display: inline-block; margin: 0 0 4px; }
}
@media print { :root { color-scheme: light; background: #fff; color: #000; } #windows, #overlay, #slice, button:not(.picture) { display: none; } }
`;
