/** A page of the simulated website. `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)} – simulated Strava</title>
<style>
  body { margin: 0; background: #f3f3f1; color: #24262b; font: 16px/1.5 system-ui, sans-serif; }
  header { padding: 12px 24px; background: #24262b; color: #fff; font-weight: 600; }
  header small { margin-left: 8px; color: #b9bcc4; font-weight: 400; }
  main { max-width: 640px; margin: 40px auto; padding: 8px 32px 24px; background: #fff; border-radius: 8px;
    box-shadow: 0 1px 3px #0002; }
  h1 { font-size: 22px; }
  label { display: flex; gap: 10px; align-items: baseline; padding: 8px 0; border-top: 1px solid #eceae6; }
  code { color: #6b6f78; font-size: 13px; }
  button { padding: 10px 20px; border: 1px solid #c6c8cd; border-radius: 6px; background: #fff; color: inherit;
    font: inherit; cursor: pointer; }
  button.strong { border-color: #3b3f8f; background: #3b3f8f; color: #fff; font-weight: 600; }
  h2 { margin-top: 32px; font-size: 18px; }
  form.inline { display: inline; }
  form.inline button { padding: 4px 10px; font-size: 13px; }
  .buttons { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0; }
  table { width: 100%; border-collapse: collapse; font-size: 14px; }
  td, th { padding: 6px 8px 6px 0; border-top: 1px solid #eceae6; text-align: left; }
  td:first-child, td:last-child { white-space: nowrap; }
</style>
<header>Simulated Strava <small>nobody's real data; not affiliated with Strava</small></header>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</html>
`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
}
