import type { ReactNode } from 'react';

/** What a table stands in: it scrolls by itself, by keyboard too. */
export function TableFrame({
  label,
  isTall = false,
  children,
}: {
  label: string;
  /** Of many rows: its height has a limit, and its heads stay in sight. */
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
  /** Where headings may be the same, or are no text. */
  id?: string;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
  /** More classes of its cells, and of its heading where they say how wide it is. */
  tone?: string;
  headTone?: string;
  /** What its cells say when they are pointed at. */
  title?: (row: Row) => string;
}

/** Rows in columns; the first one names its row. */
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
