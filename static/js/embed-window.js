// The sign-in window of a docs page: hands the token to the frame that opened it, which is a page of ours, and closes.
const token = document.querySelector("[data-embed-token]")?.dataset.embedToken;
if (token && opener) {
  opener.postMessage({ hearth: "token", token }, location.origin);
  close();
}
