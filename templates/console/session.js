// What this tab remembers: nothing is written anywhere else, and all of it goes with the tab.
const KEY = "signin-notifier.admin-key";
const BY = "signin-notifier.by";

export const key = () => sessionStorage.getItem(KEY);
export const keepKey = (text) => sessionStorage.setItem(KEY, text);
export const forgetKey = () => sessionStorage.removeItem(KEY);

// Who replays and discards: asked for once.
export const by = () => sessionStorage.getItem(BY) ?? "";
export const keepBy = (text) => sessionStorage.setItem(BY, text);

export function forgetAll() {
  forgetKey();
  sessionStorage.removeItem(BY);
}
