/** How a workflow's name is shown: AWS allows no spaces in it, so hyphens stand for them. */
export function title(name: string): string {
  return name.replaceAll("-", " ");
}
