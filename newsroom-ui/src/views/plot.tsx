// SPDX-License-Identifier: Apache-2.0
//
// uPlot in the newsroom's colours, with the same numbers as a table for those who can't see it.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { clock, date, dayMonth, number, t } from "../words";

export type Series = { label: string; values: (number | null)[]; color: string; bars?: boolean };
const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// x: seconds since 1970 (time), or labels by index.
export function Plot({ x, labels, series, height = 260, name }: { x: number[]; labels?: string[]; series: Series[]; height?: number; name: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current!;
    const text = css("--muted"), rule = css("--rule");
    const axis = { stroke: text, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 }, font: "12px 'Libre Franklin', sans-serif" };
    const byDay = x.length > 1 && x[x.length - 1]! - x[0]! > 2 * 86400;
    const when = (tick: number) => (labels ? (labels[tick] ?? "") : byDay ? dayMonth(tick * 1000) : clock(tick * 1000));
    const plot = new uPlot(
      {
        width: Math.max(240, element.clientWidth),
        height,
        legend: { show: series.length > 1 },
        cursor: { drag: { x: false, y: false } },
        scales: { x: { time: !labels }, y: { range: (_plot, _min, max) => [0, Math.max(4, Math.ceil((max || 0) * 1.1))] } },
        axes: [
          { ...axis, space: 64, values: (_plot, ticks) => ticks.map(when) },
          { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => number(tick)) },
        ],
        series: [{}, ...series.map((one) => ({ label: one.label, stroke: css(one.color), width: one.bars ? 0 : 2, fill: one.bars ? css(one.color) : undefined, points: { show: false }, ...(one.bars ? { paths: uPlot.paths.bars!({ size: [0.75, 40] }) } : {}) }))],
      },
      [x, ...series.map((one) => one.values)] as uPlot.AlignedData,
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(240, element.clientWidth), height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [JSON.stringify([x, series]), document.documentElement.dataset.look]);
  return (
    <figure>
      <div class="plot" ref={box} role="img" aria-label={name} />
      <details>
        <summary class="small muted">{t("numbers_table")}</summary>
        <div class="table-box" tabIndex={0} role="region" aria-label={name}>
          <table class="table">
            <thead>
              <tr>
                <th>{t("when")}</th>
                {series.map((one) => (
                  <th key={one.label} class="number">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {x.map((at, i) => (
                <tr key={i}>
                  <td>{labels ? labels[at] : date(at * 1000)}</td>
                  {series.map((one) => (
                    <td key={one.label} class="number">
                      {one.values[i] === null ? "" : number(one.values[i]!)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

export function Bars({ rows }: { rows: { key: string; label: string; href?: string; value: number }[] }) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  if (rows.length === 0) return <p class="muted">{t("numbers_none")}</p>;
  return (
    <ol class="bars">
      {rows.map((row) => (
        <li key={row.key} style={{ "--share": `${(100 * row.value) / most}%` }}>
          {row.href ? (
            <a class="cut" href={row.href}>
              {row.label}
            </a>
          ) : (
            <span class="cut">{row.label}</span>
          )}
          <b>{number(row.value)}</b>
        </li>
      ))}
    </ol>
  );
}

export const dayInstant = (day: string) => Date.parse(`${day}T12:00:00Z`) / 1000;
