/** The shares of an alias: slider and number say the same, and a sentence says what they mean. */

/** What a start by the alias does; first and second are versions, second is empty when there is none. */
export function meaning(first: string, second: string, share: number): string {
  if (second === "") return `Every start runs version ${first}.`;
  if (second === first) return "Choose two versions that differ.";
  return `Of a hundred starts, about ${share} run version ${first} and ${100 - share} run version ${second}.`;
}

/** A share that was typed: a whole number from 0 to 100, null when it is none. */
export function shareOf(text: string): number | null {
  const n = Number(text);
  return text.trim() !== "" && Number.isInteger(n) && n >= 0 && n <= 100 ? n : null;
}

export function follow(fields: HTMLElement): void {
  const first = fields.querySelector<HTMLSelectElement>("#first");
  const second = fields.querySelector<HTMLSelectElement>("#second");
  const number = fields.querySelector<HTMLInputElement>("#weight");
  const slider = fields.querySelector<HTMLInputElement>("input[type=range]");
  const row = fields.querySelector<HTMLElement>("[data-share]");
  const words = fields.querySelector<HTMLElement>("[data-words]");
  if (!first || !second || !number || !slider || !row || !words) return;
  const show = (): void => {
    row.hidden = second.value === "";
    const share = shareOf(number.value);
    const text = share === null && second.value !== "" ? "" : meaning(first.value, second.value, share ?? 100);
    if (words.textContent !== text) words.textContent = text;
  };
  slider.addEventListener("input", () => {
    number.value = slider.value;
    show();
  });
  number.addEventListener("input", () => {
    const share = shareOf(number.value);
    if (share !== null) slider.value = String(share);
    show();
  });
  second.addEventListener("change", () => {
    // Two versions share from the start: nobody adds one to give it nothing.
    if (second.value !== "" && number.value === "100") number.value = slider.value = "90";
    show();
  });
  first.addEventListener("change", show);
  show();
}

for (const fields of document.querySelectorAll<HTMLElement>("[data-routes]")) follow(fields);
