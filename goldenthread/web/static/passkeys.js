// Says in plain words when the browser could not make or use a passkey.
const problem = document.querySelector("[data-passkey-problem]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  problem.textContent = problem.dataset.passkeyProblem;
  problem.hidden = false;
});
