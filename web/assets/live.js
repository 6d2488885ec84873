// Live pages: when something changes on the server, the marked part of the page is fetched anew and put in place.
// Somebody who works inside that part with the keyboard is told, and not disturbed.
const source = document.querySelector("[data-live]");
const part = source && document.getElementById(source.dataset.livePart);
const news = document.querySelector("[data-news]");

async function renew() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh) return;
  part.replaceChildren(...fresh.childNodes);
  news.textContent = "This page has just been brought up to date: somebody recorded something.";
}

function changed() {
  if (!part.contains(document.activeElement)) {
    renew();
    return;
  }
  news.textContent = "Somebody has just recorded something here. ";
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "Show what changed";
  news.append(link);
}

if (source && source.dataset.live && part && news && window.EventSource) {
  const events = new EventSource(source.dataset.live);
  events.addEventListener("changed", changed);
  addEventListener("pagehide", () => events.close());
}
