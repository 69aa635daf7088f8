package io.millrace.ingestion.table;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.DatasetInfo;
import java.util.List;

/** Every failure of a table import that its user can do something about. */
public final class TableErrors {
  private static final String UNTOUCHED = "The dataset was left as it was.";

  private TableErrors() {}

  public static DatasetException notATable(DatasetInfo dataset) {
    return new DatasetException(
        "Cannot import a table into dataset %s: it is a dataset of %s. Create one with --type TABLE."
            .formatted(dataset.name(), dataset.taskType()));
  }

  public static DatasetException sourceMissing(StorageUri source) {
    return new DatasetException(
        "Cannot import %s: there is no such file or directory. Check the address."
            .formatted(source));
  }

  public static DatasetException nothingFound(StorageUri source, long others) {
    return new DatasetException(
        "Cannot import %s: there is no .csv and no .parquet file in it (%s other files were found). Name a directory with such files, or one file."
            .formatted(source, others));
  }

  public static DatasetException mixedFiles(StorageUri source, String csv, String parquet) {
    return new DatasetException(
        "Cannot import %s: it holds CSV files, such as %s, and Parquet files, such as %s, which may be the same rows twice. Import them from directories of their own."
            .formatted(source, csv, parquet));
  }

  public static DatasetException nothingReadable(String source, String file, String message) {
    return new DatasetException(
        "Cannot import %s: none of its files can be read, for example %s: %s"
            .formatted(source, file, message));
  }

  public static DatasetException filesDiffer(
      String source, String file, TableSchema columns, String other, TableSchema otherColumns) {
    return new DatasetException(
        "Cannot import %s: two of its files have different columns (marked *):\n%s\n%s Import files of one kind only, or create the dataset with --schema to say which types are meant."
            .formatted(source, columns.besides(otherColumns, file, other), UNTOUCHED));
  }

  public static DatasetException otherColumns(
      String source, TableSchema dataset, String file, TableSchema columns) {
    return new DatasetException(
        "Cannot import %s: it has other columns than the dataset, whose columns are fixed (marked *):\n%s\n%s Give the source these columns, or import it into another dataset."
            .formatted(source, dataset.besides(columns, "dataset", file), UNTOUCHED));
  }

  static DatasetException badHeader(String source, String file, DatasetException cause) {
    return new DatasetException(
        "Cannot import %s: the first row of %s names no columns that a dataset can have: %s. Repair it, or import with --no-header if the file has none."
            .formatted(source, file, cause.getMessage()),
        cause);
  }

  public static DatasetException unsupportedColumns(String source, List<String> columns) {
    return new DatasetException(
        "Cannot import %s: tables hold plain values, but %s. Import a query or a file without them."
            .formatted(source, String.join(", ", columns)));
  }

  public static DatasetException changedWhileRead(String file) {
    return new DatasetException(
        "Cannot import %s: the file changed while it was read. %s Import again when nobody writes to it."
            .formatted(file, UNTOUCHED));
  }

  public static DatasetException rejected(
      String source, String input, String reasonCode, String message) {
    return new DatasetException(
        "Cannot import %s: %s was refused as %s: %s %s Repair the input, or import with on-error: skip."
            .formatted(source, input, reasonCode, message, UNTOUCHED));
  }

  public static DatasetException tooManyRejects(
      String source, FailureLimit limit, String input, String reasonCode, String message) {
    return new DatasetException(
        "Cannot import %s: more rows were refused than max-rejects (%s) allows, for example %s as %s: %s %s Repair the input, or raise max-rejects."
            .formatted(source, limit, input, reasonCode, message, UNTOUCHED));
  }

  public static DatasetException readFailed(String source, Throwable cause) {
    return new DatasetException(
        "Cannot import %s: %s. %s Check that the source can be read, and import again."
            .formatted(source, cause.getMessage(), UNTOUCHED),
        cause);
  }

  static DatasetException hive(String text) {
    return new DatasetException(
        "Cannot import %s: this build of Spark has no Hive support. Export the table to Parquet and import the directory, or read it through its JDBC server."
            .formatted(text));
  }

  static DatasetException secretInUrl(String redacted) {
    return new DatasetException(
        "Cannot import %s: the address holds a user or a secret. Leave it out and set the environment variables %s and %s instead."
            .formatted(redacted, JdbcCredentials.USER, JdbcCredentials.PASSWORD));
  }

  static DatasetException noSelection(String url) {
    return new DatasetException(
        "Cannot import %s: it does not say what to read. Add --table NAME or --query SQL."
            .formatted(url));
  }

  static DatasetException twoSelections(String url) {
    return new DatasetException(
        "Cannot import %s: both a table and a query are given. Give --table or --query, not both."
            .formatted(url));
  }

  public static DatasetException noDriver(String url) {
    return new DatasetException(
        "Cannot import %s: no JDBC driver on the class path takes this address. Name the driver's jar in the environment variable MILLRACE_JARS (of spark-submit: --jars), and check the address."
            .formatted(url));
  }

  public static DatasetException badPartitionColumn(String source, String column, String why) {
    return new DatasetException(
        "Cannot import %s in partitions: the column '%s' %s. Name a column of integers or of dates."
            .formatted(source, column, why));
  }
}
