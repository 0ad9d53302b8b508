/** A column heading that sorts by the column. */
export function SortHead<Name extends string>({
  name,
  label,
  sort,
  order,
  isNumber = false,
  onSort,
}: {
  name: Name;
  label: string;
  sort: Name;
  order: 'asc' | 'desc';
  isNumber?: boolean;
  onSort: (name: Name) => void;
}) {
  const isOn = sort === name;
  return (
    <th
      scope="col"
      className={isNumber ? 'number' : ''}
      aria-sort={isOn ? (order === 'asc' ? 'ascending' : 'descending') : 'none'}
    >
      <button type="button" className="sort" onClick={() => onSort(name)}>
        {label}
        <span className="sort-mark" aria-hidden="true">
          {isOn ? (order === 'asc' ? '↑' : '↓') : ''}
        </span>
      </button>
    </th>
  );
}
