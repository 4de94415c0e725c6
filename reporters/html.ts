import type { Report } from '../harness/report.ts';
export function renderHtml(report: Report): string {
  return report.target.name;
}
