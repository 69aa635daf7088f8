package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DataTable;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.table.TableSourceState;
import io.millrace.dataset.versioning.DatasetVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a table dataset, read and written in bulk by Spark.
 *
 * <p>Every row has the source that it came from in {@code _source}. A source's rows are replaced
 * together, so that a source is in the dataset as it was at one time, and once.
 */
public final class TableData {
  private static final Logger log = LoggerFactory.getLogger(TableData.class);
  private static final String DELTA = "delta";
  private static final StructType SOURCES_SCHEMA =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("fingerprint", DataTypes.StringType)
          .add("reading", DataTypes.StringType)
          .add("rows", DataTypes.LongType)
          .add("rejected", DataTypes.LongType)
          .add("import_id", DataTypes.StringType);

  private final DatasetTable table;
  private final DatasetLayout layout;

  private TableData(DatasetTable table) {
    this.table = table;
    this.layout = table.layout();
  }

  public static TableData of(DatasetTable table) {
    return new TableData(table);
  }

  /** The columns; empty until they were given or imported. */
  public Optional<TableSchema> schema() {
    return DataTable.schema(layout);
  }

  /** The rows, with {@code _source} and {@code _import_id} before the dataset's columns. */
  public Dataset<Row> rows() {
    return table.spark().read().format(DELTA).load(DatasetTable.path(layout.dataTable()));
  }

  /**
   * The rows of a published version, with the dataset's columns and their types.
   *
   * @param version one that {@link DatasetTable#history} resolved, so that its files are in place
   */
  public Dataset<Row> version(DatasetVersion version) {
    return table
        .spark()
        .read()
        .parquet(
            SparkFiles.path(
                layout
                    .tableFiles(version.name(), version.publishId())
                    .resolve(TablePublishing.PARQUET)));
  }

  /** All sources that were ever imported. */
  public List<TableSourceState> sources() {
    StorageUri address = layout.tableSourcesTable();
    if (!table.exists(address)) {
      return List.of();
    }
    return table
        .spark()
        .read()
        .format(DELTA)
        .load(DatasetTable.path(address))
        .select(DatasetTable.columns(SOURCES_SCHEMA))
        .collectAsList()
        .stream()
        .map(TableData::source)
        .toList();
  }

  /**
   * Puts rows in the place of all rows that some sources have, in one commit. The first commit
   * fixes the columns, where the dataset was made without any.
   *
   * @param schema the dataset's columns, or what they shall be
   * @param rows the source of each in the column {@code _source}, then the columns of the schema
   *     with the types of {@link TableTypes}
   * @param sources whose rows are replaced; every row is of one of them
   */
  public void replace(
      TableSchema schema, Dataset<Row> rows, Collection<String> sources, ImportId id) {
    long start = System.nanoTime();
    List<String> names = new ArrayList<>(List.of(TableColumn.SOURCE, TableColumn.IMPORT_ID));
    names.addAll(schema.names());
    Dataset<Row> stored = withImportId(rows, id).toDF(names.toArray(String[]::new));
    table.committing(
        "import into",
        layout.dataTable(),
        () -> {
          write(schema, stored, sources);
          return sources;
        });
    log.info(
        "Replaced rows of {} sources of {} as {} in {} ms",
        sources.size(),
        table.info().name(),
        id,
        Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  /** Records how sources looked; those that were known before get the new state. */
  public void recordSources(List<TableSourceState> states) {
    StorageUri address = layout.tableSourcesTable();
    Dataset<Row> rows =
        table.spark().createDataFrame(states.stream().map(TableData::row).toList(), SOURCES_SCHEMA);
    table.committing(
        "record sources of",
        address,
        () -> {
          if (table.exists(address)) {
            DeltaTable.forPath(table.spark(), DatasetTable.path(address))
                .as("old")
                .merge(rows.as("new"), col("old.source").equalTo(col("new.source")))
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();
          } else {
            table.append(rows, address);
          }
          return states;
        });
  }

  private static Dataset<Row> withImportId(Dataset<Row> rows, ImportId id) {
    String[] names = rows.columns();
    List<Column> columns = new ArrayList<>(names.length + 1);
    for (String name : names) {
      columns.add(rows.col("`" + name.replace("`", "``") + "`"));
    }
    columns.add(1, lit(id.value()));
    return rows.select(columns.toArray(Column[]::new));
  }

  private void write(TableSchema schema, Dataset<Row> rows, Collection<String> sources) {
    var writer = rows.write().format(DELTA);
    if (table.exists(layout.dataTable())) {
      writer.mode(SaveMode.Overwrite).option("replaceWhere", isOneOf(sources));
    } else {
      writer.mode(SaveMode.ErrorIfExists).options(DataTable.tableProperties(schema));
    }
    writer.save(DatasetTable.path(layout.dataTable()));
  }

  private static String isOneOf(Collection<String> sources) {
    return sources.stream()
        .map(source -> "'" + source.replace("\\", "\\\\").replace("'", "\\'") + "'")
        .collect(Collectors.joining(", ", TableColumn.SOURCE + " IN (", ")"));
  }

  private static Row row(TableSourceState state) {
    return RowFactory.create(
        state.source(),
        state.fingerprint(),
        state.reading(),
        state.rows(),
        state.rejected(),
        state.importId().value());
  }

  private static TableSourceState source(Row row) {
    return new TableSourceState(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        row.getLong(4),
        new ImportId(row.getString(5)));
  }
}
