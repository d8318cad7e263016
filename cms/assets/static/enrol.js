/* Says beside the form how many are chosen and whether there are seats for them. */
const form = document.querySelector(".enrol-form");
const said = document.getElementById("chosen");

if (form && said) {
  const free = Number(form.dataset.free);
  const count = () => {
    const ticked = form.querySelectorAll("[name=people]:checked").length;
    const lines = [...form.querySelectorAll("[name^=email_]")].filter((field) => field.value.trim()).length;
    const chosen = ticked + lines;
    const text = !chosen ? said.dataset.none : chosen > free ? said.dataset.waits : said.dataset.fits;
    said.textContent = text.replace("{n}", chosen).replace("{free}", free);
  };
  form.addEventListener("input", count);
  count();
}
