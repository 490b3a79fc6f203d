/** Adds the group's name to titles that several sections share, so that each tab has its own name. */
export function nameApart<Section extends { title: string; group?: string }>(sections: readonly Section[]): Section[] {
  const counts = new Map<string, number>();
  for (const { title } of sections) counts.set(title, (counts.get(title) ?? 0) + 1);
  return sections.map((section) => {
    const { title, group } = section;
    return group !== undefined && (counts.get(title) ?? 0) > 1 ? { ...section, title: `${title} · ${group}` } : section;
  });
}
