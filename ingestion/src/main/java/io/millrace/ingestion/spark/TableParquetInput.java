package io.millrace.ingestion.spark;

import static org.apache.spark.sql.functions.col;

import io.millrace.dataset.delta.spark.SparkFiles;
import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.table.CsvFileScan.Refused;
import io.millrace.ingestion.table.TableErrors;
import io.millrace.ingestion.table.TableFile;
import io.millrace.ingestion.table.TableFiles;
import io.millrace.ingestion.table.TableImportConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Reads Parquet files, each by as many tasks as it is large. The driver reads all footers first:
 * Spark takes the columns of one file for those of all, and fills what another lacks with nulls.
 */
final class TableParquetInput {
  static final String READING = "parquet";

  private final SparkSession spark;
  private final TableImportConfig config;
  private final TableFiles source;

  TableParquetInput(SparkSession spark, TableImportConfig config, TableFiles source) {
    this.spark = spark;
    this.config = config;
    this.source = source;
  }

  /**
   * Agrees on the files' columns and prepares to read their rows.
   *
   * @param fixed the dataset's columns, if it has some
   */
  TableBatch read(List<TableFile> files, Optional<TableSchema> fixed) {
    Map<String, Refused> refused = new LinkedHashMap<>();
    Map<String, String> fingerprints = new LinkedHashMap<>();
    Map<TableFile, StructType> readable = new LinkedHashMap<>();
    for (TableFile file : files) {
      fingerprints.put(file.source(), file.fingerprint());
      Optional<Refused> why = TableSizes.refusal(file, config.limits());
      if (why.isPresent()) {
        refused.put(file.source(), why.get());
        continue;
      }
      try {
        readable.put(file, spark.read().parquet(path(file)).schema());
      } catch (Exception e) { // SparkException and AnalysisException, which Scala does not declare
        refused.put(file.source(), unreadable(e));
      }
    }
    if (readable.isEmpty()) {
      Map.Entry<String, Refused> example = refused.entrySet().iterator().next();
      throw TableErrors.nothingReadable(
          source.description(), example.getKey(), example.getValue().message());
    }
    TableSchema columns = agreement(readable);
    TableFile first = readable.keySet().iterator().next();
    fixed.ifPresent(
        dataset ->
            TableColumnsOfSpark.check(source.description(), first.source(), dataset, columns));
    TableSchema schema = fixed.orElse(columns);
    return new TableBatch(
        schema,
        rows(new ArrayList<>(readable.keySet()), readable.get(first), schema),
        fingerprints,
        READING,
        refused);
  }

  private TableSchema agreement(Map<TableFile, StructType> schemas) {
    var files = schemas.entrySet().iterator();
    Map.Entry<TableFile, StructType> first = files.next();
    TableSchema columns = TableColumnsOfSpark.of(source.description(), first.getValue());
    while (files.hasNext()) {
      Map.Entry<TableFile, StructType> next = files.next();
      TableSchema others = TableColumnsOfSpark.of(source.description(), next.getValue());
      if (!others.equals(columns)) {
        throw TableErrors.filesDiffer(
            source.description(), first.getKey().source(), columns, next.getKey().source(), others);
      }
    }
    return columns;
  }

  private Dataset<Row> rows(List<TableFile> files, StructType columns, TableSchema schema) {
    Dataset<Row> rows =
        spark
            .read()
            .schema(columns)
            .parquet(files.stream().map(TableParquetInput::path).toArray(String[]::new));
    Column sources =
        SparkFiles.addresses(
            files.stream().map(TableFile::uri).toList(), col("_metadata.file_path"));
    return TableBatchRows.ofValues(rows, sources, schema);
  }

  private static Refused unreadable(Exception failure) {
    return new Refused(
        RejectReason.UNREADABLE_FILE,
        "The file is no Parquet file, or a broken one: " + TableFailures.root(failure));
  }

  private static String path(TableFile file) {
    return SparkFiles.path(file.uri());
  }
}
