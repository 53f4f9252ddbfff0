// When a view learned what it shows, for the header to tell; null while it shows nothing.
export function refreshed(view, at) {
  view.at = at;
  dispatchEvent(new Event("view-refreshed"));
}
