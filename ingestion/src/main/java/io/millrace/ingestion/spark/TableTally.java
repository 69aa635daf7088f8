package io.millrace.ingestion.spark;

import io.millrace.dataset.table.TableSchema;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.table.ColumnTally;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts over the rows of a {@link TableBatch}, gathered in one pass. */
final class TableTally implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Map<String, RejectReason> REASONS =
      Arrays.stream(RejectReason.values())
          .collect(Collectors.toMap(RejectReason::code, Function.identity()));

  private final EnumMap<RejectReason, Long> rejections = new EnumMap<>(RejectReason.class);
  private final HashMap<String, Long> acceptedBySource = new HashMap<>();
  private final HashMap<String, Long> rejectedBySource = new HashMap<>();
  private final long[] nulls;
  private final long[] unparsed;

  private TableTally(int columns) {
    nulls = new long[columns];
    unparsed = new long[columns];
  }

  static TableTally of(TableBatch batch) {
    Dataset<Row> rows = batch.rows();
    return rows.javaRDD().aggregate(new TableTally(batch.schema().size()), new Add(), new Merge());
  }

  long accepted() {
    return sum(acceptedBySource);
  }

  long acceptedOf(String source) {
    return acceptedBySource.getOrDefault(source, 0L);
  }

  long rejectedOf(String source) {
    return rejectedBySource.getOrDefault(source, 0L);
  }

  /** Rows that were refused; no file is among them. */
  Map<RejectReason, Long> rejections() {
    return Collections.unmodifiableMap(rejections);
  }

  List<ColumnTally> columns(TableSchema schema) {
    return IntStream.range(0, schema.size())
        .mapToObj(
            i -> new ColumnTally(schema.columns().get(i), nulls[i] - unparsed[i], unparsed[i]))
        .toList();
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static final class Add implements Function2<TableTally, Row, TableTally> {
    private static final long serialVersionUID = 1L;

    @Override
    public TableTally call(TableTally tally, Row row) {
      String source = row.getString(0);
      if (!row.isNullAt(1)) {
        tally.rejections.merge(REASONS.get(row.getString(1)), 1L, Long::sum);
        tally.rejectedBySource.merge(source, 1L, Long::sum);
        return tally;
      }
      tally.acceptedBySource.merge(source, 1L, Long::sum);
      for (int i = 0; i < tally.nulls.length; i++) {
        tally.nulls[i] += row.isNullAt(TableBatchRows.FIRST_COLUMN + i) ? 1 : 0;
      }
      row.<Integer>getList(4).forEach(column -> tally.unparsed[column]++);
      return tally;
    }
  }

  private static final class Merge implements Function2<TableTally, TableTally, TableTally> {
    private static final long serialVersionUID = 1L;

    @Override
    public TableTally call(TableTally tally, TableTally other) {
      other.rejections.forEach((reason, count) -> tally.rejections.merge(reason, count, Long::sum));
      other.acceptedBySource.forEach(
          (source, count) -> tally.acceptedBySource.merge(source, count, Long::sum));
      other.rejectedBySource.forEach(
          (source, count) -> tally.rejectedBySource.merge(source, count, Long::sum));
      for (int i = 0; i < tally.nulls.length; i++) {
        tally.nulls[i] += other.nulls[i];
        tally.unparsed[i] += other.unparsed[i];
      }
      return tally;
    }
  }
}
