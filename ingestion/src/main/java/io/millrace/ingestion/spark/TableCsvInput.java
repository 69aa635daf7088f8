package io.millrace.ingestion.spark;

import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.table.CsvFileScan;
import io.millrace.ingestion.table.CsvFileScan.Known;
import io.millrace.ingestion.table.CsvFileScan.Refused;
import io.millrace.ingestion.table.SchemaAgreement;
import io.millrace.ingestion.table.TableErrors;
import io.millrace.ingestion.table.TableFile;
import io.millrace.ingestion.table.TableFiles;
import io.millrace.ingestion.table.TableImportConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Reads CSV files, each by one task: where a row ends is known only to who read the file from its
 * beginning, since quotes may hold line ends.
 */
final class TableCsvInput {
  private static final int PARTITIONS_A_TASK = 4;

  private final SparkSession spark;
  private final TableImportConfig config;
  private final TableFiles source;
  private final StorageSettings settings;

  TableCsvInput(
      SparkSession spark, TableImportConfig config, TableFiles source, StorageSettings settings) {
    this.spark = spark;
    this.config = config;
    this.source = source;
    this.settings = settings;
  }

  /**
   * Looks at all files, agrees on their columns, and prepares to read their rows.
   *
   * @param fixed the dataset's columns, if it has some
   */
  TableBatch read(List<TableFile> files, String reading, Optional<TableSchema> fixed) {
    Map<String, Refused> refused = new LinkedHashMap<>();
    Map<String, String> fingerprints = new LinkedHashMap<>();
    List<TableFile> fitting = new ArrayList<>();
    for (TableFile file : files) {
      fingerprints.put(file.source(), file.fingerprint());
      TableSizes.refusal(file, config.limits())
          .ifPresentOrElse(why -> refused.put(file.source(), why), () -> fitting.add(file));
    }
    List<TableCsvFile> readable = new ArrayList<>();
    for (Tuple2<TableFile, CsvFileScan> scan : scans(fitting)) {
      if (scan._2() instanceof Refused why) {
        refused.put(scan._1().source(), why);
      } else if (scan._2() instanceof Known known) {
        readable.add(new TableCsvFile(scan._1(), known));
      }
    }
    TableSchema schema = schema(readable, refused, fixed);
    return new TableBatch(schema, rows(readable, schema), fingerprints, reading, refused);
  }

  private List<Tuple2<TableFile, CsvFileScan>> scans(List<TableFile> files) {
    return context()
        .parallelize(files, partitions(files.size()))
        .mapToPair(new TableCsvScan(source.dialect(), config.inferenceRows(), settings))
        .collect();
  }

  private TableSchema schema(
      List<TableCsvFile> readable, Map<String, Refused> refused, Optional<TableSchema> fixed) {
    if (fixed.isPresent()) {
      readable.forEach(
          csv ->
              SchemaAgreement.checkColumns(
                  source.description(),
                  fixed.get(),
                  csv.file().source(),
                  csv.scan(),
                  source.dialect().header()));
      return fixed.get();
    }
    if (readable.isEmpty()) {
      Map.Entry<String, Refused> example = refused.entrySet().iterator().next();
      throw TableErrors.nothingReadable(
          source.description(), example.getKey(), example.getValue().message());
    }
    Map<String, Known> scans = new LinkedHashMap<>();
    readable.forEach(csv -> scans.put(csv.file().source(), csv.scan()));
    return SchemaAgreement.ofFiles(source.description(), scans);
  }

  private Dataset<Row> rows(List<TableCsvFile> files, TableSchema schema) {
    TableCsvRows rows =
        new TableCsvRows(schema, source.dialect(), config.limits().lineBytes(), settings);
    return TableBatchRows.ofTasks(
        spark.createDataFrame(
            context().parallelize(files, partitions(files.size())).flatMap(rows),
            TableBatchRows.taskSchema(schema)),
        schema);
  }

  private int partitions(int files) {
    int most = PARTITIONS_A_TASK * Math.max(2, context().defaultParallelism());
    return Math.max(1, Math.min(files, most));
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
