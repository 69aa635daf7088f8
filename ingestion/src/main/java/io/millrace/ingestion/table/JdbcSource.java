package io.millrace.ingestion.table;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Digest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A table or the result of a query of a database.
 *
 * @param url {@code jdbc:...}; without user and password, which come from the environment
 */
public record JdbcSource(String url, Selection selection, Optional<Partitioning> partitioning)
    implements TableSource {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(?<=[?;&:,(]|^)\\s*(user|username|uid|password|passwd|pwd|pass|secret|token|access_?token|access_?key|secret_?key|sslpassword|keystorepassword|truststorepassword)\\s*=[^;&,)]*");

  /** {@code //user:password@host}, and Oracle's {@code :user/password@}. */
  private static final Pattern USER_INFO =
      Pattern.compile("(?<=//)[^/?;]+@|(?<=:)[^/@:;?&]+/[^/@]+@");

  /** What is read. */
  public sealed interface Selection permits Table, Query {}

  /** A table or view by its name, qualified and quoted as the database needs it. */
  public record Table(String name) implements Selection {
    public Table {
      checkArgument(!name.isBlank(), "Invalid table name: it is empty");
    }
  }

  /** One query that gives rows. */
  public record Query(String sql) implements Selection {
    public Query {
      sql = sql.strip();
      sql = sql.endsWith(";") ? sql.substring(0, sql.length() - 1).strip() : sql;
      checkArgument(!sql.isBlank(), "Invalid query: it is empty");
    }
  }

  /**
   * Reads a large table in parts at the same time.
   *
   * @param column of integers or dates, by which rows are parted; best one with an index
   * @param count parts; at least 1
   */
  public record Partitioning(String column, int count) {
    public static final int MOST = 1000;

    public Partitioning {
      checkArgument(!column.isBlank(), "Invalid partition column: it is empty");
      checkArgument(
          count >= 1 && count <= MOST,
          "Invalid partitions: %s (expected 1 to %s; each is a connection to the database)",
          count,
          MOST);
    }
  }

  public JdbcSource {
    requireNonNull(selection, "selection is null");
    requireNonNull(partitioning, "partitioning is null");
    if (SECRET.matcher(url).find() || USER_INFO.matcher(url).find()) {
      throw TableErrors.secretInUrl(redacted(url));
    }
  }

  /**
   * A source by what a user gave.
   *
   * @throws io.millrace.dataset.DatasetException unless there is either a table or a query
   */
  public static JdbcSource of(
      String url,
      Optional<String> table,
      Optional<String> query,
      Optional<Partitioning> partitioning) {
    if (table.isPresent() && query.isPresent()) {
      throw TableErrors.twoSelections(redacted(url));
    }
    Selection selection =
        table
            .<Selection>map(Table::new)
            .or(() -> query.map(Query::new))
            .orElseThrow(() -> TableErrors.noSelection(redacted(url)));
    return new JdbcSource(url, selection, partitioning);
  }

  /** What stands in the place of a table name in SQL. */
  public String relation() {
    return selection instanceof Query query
        ? "(" + query.sql() + ") millrace_rows"
        : ((Table) selection).name();
  }

  /** The address and the table; of a query a digest, since its text may be long. */
  @Override
  public String description() {
    return selection instanceof Query query
        ? url + "#query-" + Digest.ofText(query.sql()).hex().substring(0, 12)
        : url + "#" + ((Table) selection).name();
  }

  private static String redacted(String url) {
    return USER_INFO.matcher(SECRET.matcher(url).replaceAll("$1=***")).replaceAll("***@");
  }
}
