import type { ReactNode } from 'react';

/** The frame of a table: it scrolls on its own, also with the keyboard. */
export function TableFrame({
  label,
  isTall = false,
  children,
}: {
  label: string;
  /** For many rows: limits the height, and keeps the headings visible. */
  isTall?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      className={isTall ? 'table-frame table-frame-tall' : 'table-frame'}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      {children}
    </div>
  );
}

export interface Column<Row> {
  /** Its heading. */
  head: ReactNode;
  /** Needed if headings are not unique or not text. */
  id?: string;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
  /** Further classes of the cells; `headTone` those of the heading, where they set the width. */
  tone?: string;
  headTone?: string;
  /** The tooltip of a cell. */
  title?: (row: Row) => string;
}

/** A table; the cells of the first column are row headings. */
export function DataTable<Row>({
  label,
  rows,
  keyOf,
  columns,
  isTall = false,
  className,
}: {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly [Column<Row>, ...Column<Row>[]];
  isTall?: boolean;
  className?: string;
}) {
  const [first, ...others] = columns;
  return (
    <TableFrame label={label} isTall={isTall}>
      <table className={className}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id ?? String(column.head)}
                scope="col"
                className={joinClasses(column, column.headTone)}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">{first.cell(row)}</th>
              {others.map((column) => (
                <td
                  key={column.id ?? String(column.head)}
                  className={joinClasses(column, column.tone)}
                  title={column.title?.(row)}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function joinClasses({ isNumber = false }: { isNumber?: boolean }, more = ''): string | undefined {
  const all = `${isNumber ? 'number' : ''} ${more}`.trim();
  return all === '' ? undefined : all;
}
