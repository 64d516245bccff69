/** Files can be dropped onto the form; what is dropped is what the field has. */

function dropzone(zone: HTMLElement, field: HTMLInputElement): void {
  let depth = 0; // the pointer enters children before it leaves their parent
  const mark = (by: number): void => {
    depth = by === 0 ? 0 : depth + by;
    zone.classList.toggle("drop-over", depth > 0);
  };
  zone.addEventListener("dragenter", (e) => {
    e.preventDefault();
    mark(1);
  });
  zone.addEventListener("dragleave", () => mark(-1));
  zone.addEventListener("dragover", (e) => e.preventDefault());
  zone.addEventListener("drop", (e) => {
    e.preventDefault();
    mark(0);
    if (!e.dataTransfer || e.dataTransfer.files.length === 0) return;
    field.files = e.dataTransfer.files;
    field.form?.requestSubmit();
  });
}

const zone = document.querySelector<HTMLElement>("[data-drop]");
const field = document.querySelector<HTMLInputElement>("#files");
if (zone && field) dropzone(zone, field);
