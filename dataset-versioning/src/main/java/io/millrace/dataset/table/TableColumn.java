package io.millrace.dataset.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Locale;
import java.util.Set;

/**
 * A column of a table dataset.
 *
 * @param name at most {@value #MAX_NAME} characters, none of them a control character, with no
 *     space around it; not one of the names that datasets use for themselves
 */
public record TableColumn(String name, ColumnType type) implements Serializable {
  private static final long serialVersionUID = 1L;

  public static final int MAX_NAME = 128;

  /** The file, or table of a database, that a row came from. */
  public static final String SOURCE = "_source";

  /** The import that brought a row. */
  public static final String IMPORT_ID = "_import_id";

  private static final Set<String> RESERVED = Set.of(SOURCE, IMPORT_ID);

  public TableColumn {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    checkArgument(
        !name.isBlank() && name.equals(name.strip()),
        "Invalid column name: '%s' (expected a name without space around it)",
        name);
    checkArgument(
        name.length() <= MAX_NAME,
        "Invalid column name: '%s...' has %s characters (expected at most %s)",
        name.substring(0, Math.min(20, name.length())),
        name.length(),
        MAX_NAME);
    checkArgument(
        name.codePoints().noneMatch(Character::isISOControl),
        "Invalid column name: '%s' holds a control character, such as a line end or a tab",
        name.replaceAll("\\p{Cntrl}", "?"));
    checkArgument(
        !isReserved(name),
        "Invalid column name: '%s' (the dataset uses it for itself; rename the column)",
        name);
  }

  /** Whether datasets use a name for themselves; case does not matter. */
  public static boolean isReserved(String name) {
    return RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Such as {@code age:Int}, as {@link TableSchema#parse} reads it. */
  @Override
  public String toString() {
    return SchemaText.quotedWhereNeeded(name) + ":" + type;
  }
}
