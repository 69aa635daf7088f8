package io.millrace.ingestion.spark;

import static org.apache.spark.sql.functions.lit;

import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.table.JdbcCredentials;
import io.millrace.ingestion.table.JdbcSource;
import io.millrace.ingestion.table.JdbcSource.Partitioning;
import io.millrace.ingestion.table.TableErrors;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;

/** Reads a table or a query of a database, in parts at the same time where a column is named. */
final class TableJdbcInput {
  /** Some drivers fetch all rows at once unless they are told otherwise. */
  private static final int FETCH_ROWS = 1000;

  private final SparkSession spark;
  private final JdbcSource source;
  private final JdbcCredentials credentials;

  TableJdbcInput(SparkSession spark, JdbcSource source, JdbcCredentials credentials) {
    this.spark = spark;
    this.source = source;
    this.credentials = credentials;
  }

  /**
   * Looks at the columns and prepares to read the rows. How the source looks is known only when all
   * rows were read, so the batch has no fingerprint.
   *
   * @param fixed the dataset's columns, if it has some
   */
  TableBatch read(Optional<TableSchema> fixed) {
    Map<String, String> options = options();
    Dataset<Row> plain = withDatesByText(options);
    TableSchema columns = TableColumnsOfSpark.of(source.description(), plain.schema());
    fixed.ifPresent(
        dataset ->
            TableColumnsOfSpark.check(
                source.description(), source.description(), dataset, columns));
    TableSchema schema = fixed.orElse(columns);
    Dataset<Row> rows =
        source
            .partitioning()
            .map(partitioning -> inParts(options, partitioning, plain))
            .orElse(plain);
    return new TableBatch(
        schema,
        TableBatchRows.ofValues(rows, lit(source.description()), schema),
        Map.of(),
        "jdbc",
        Map.of());
  }

  /**
   * The rows, dates read as the text that they are: of days before 15 October 1582 drivers disagree
   * which calendar a {@link java.sql.Date} follows, and some would be shifted by days.
   */
  private Dataset<Row> withDatesByText(Map<String, String> options) {
    Dataset<Row> typed = load(options, source.relation());
    List<String> dates = dates(typed);
    if (dates.isEmpty()) {
      return typed;
    }
    options.put(
        "customSchema",
        dates.stream()
            .map(name -> "`%s` STRING".formatted(name.replace("`", "``")))
            .collect(Collectors.joining(", ")));
    return asDates(load(options, source.relation()), dates);
  }

  /** The columns of dates, but for the one that the parts are made by, which has to stay a date. */
  private List<String> dates(Dataset<Row> rows) {
    return Arrays.stream(rows.schema().fields())
        .filter(field -> field.dataType().equals(DataTypes.DateType))
        .map(StructField::name)
        .filter(name -> !isPartitionColumn(name))
        .toList();
  }

  private boolean isPartitionColumn(String name) {
    return source
        .partitioning()
        .filter(partitioning -> partitioning.column().equalsIgnoreCase(name))
        .isPresent();
  }

  private static Dataset<Row> asDates(Dataset<Row> rows, List<String> dates) {
    Dataset<Row> result = rows;
    for (String name : dates) {
      Column text = rows.col("`%s`".formatted(name.replace("`", "``")));
      result = result.withColumn(name, text.try_cast(DataTypes.DateType));
    }
    return result;
  }

  private Dataset<Row> inParts(
      Map<String, String> options, Partitioning partitioning, Dataset<Row> plain) {
    StructField field =
        Arrays.stream(plain.schema().fields())
            .filter(candidate -> candidate.name().equalsIgnoreCase(partitioning.column()))
            .findFirst()
            .orElseThrow(
                () ->
                    TableErrors.badPartitionColumn(
                        source.description(),
                        partitioning.column(),
                        "is not one of " + String.join(", ", plain.columns())));
    if (!canPart(field.dataType())) {
      throw TableErrors.badPartitionColumn(
          source.description(), field.name(), "is of type " + field.dataType().simpleString());
    }
    String column = JdbcDialects.get(source.url()).quoteIdentifier(field.name());
    Map<String, String> ofBounds = new HashMap<>(options);
    ofBounds.remove("customSchema");
    Row bounds =
        load(
                ofBounds,
                "(SELECT MIN(%s) AS LOWEST, MAX(%s) AS HIGHEST FROM %s) millrace_bounds"
                    .formatted(column, column, source.relation()))
            .first();
    if (bounds.isNullAt(0)) {
      return plain; // no row, or none with a value: one part has all there is
    }
    Map<String, String> parted = new HashMap<>(options);
    parted.put("partitionColumn", field.name());
    parted.put("lowerBound", bounds.get(0).toString());
    parted.put("upperBound", bounds.get(1).toString());
    parted.put("numPartitions", Integer.toString(partitioning.count()));
    return asDates(load(parted, source.relation()), dates(plain));
  }

  private Dataset<Row> load(Map<String, String> options, String relation) {
    return spark.read().format("jdbc").options(options).option("dbtable", relation).load();
  }

  private Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    options.put("url", source.url());
    options.put("driver", driver());
    options.put("fetchsize", Integer.toString(FETCH_ROWS));
    // A time without zone stays what it says, whatever zone this machine is in.
    options.put("preferTimestampNTZ", "true");
    credentials.user().ifPresent(user -> options.put("user", user));
    credentials.password().ifPresent(password -> options.put("password", password));
    return options;
  }

  private String driver() {
    for (Driver driver :
        ServiceLoader.load(Driver.class, Thread.currentThread().getContextClassLoader())) {
      try {
        if (driver.acceptsURL(source.url())) {
          return driver.getClass().getName();
        }
      } catch (SQLException e) {
        throw TableErrors.readFailed(source.description(), e);
      }
    }
    throw TableErrors.noDriver(source.url());
  }

  private static boolean canPart(DataType type) {
    return type.equals(DataTypes.ByteType)
        || type.equals(DataTypes.ShortType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.LongType)
        || type.equals(DataTypes.DateType)
        || (type instanceof DecimalType decimal
            && decimal.scale() == 0
            && decimal.precision() <= 18);
  }
}
