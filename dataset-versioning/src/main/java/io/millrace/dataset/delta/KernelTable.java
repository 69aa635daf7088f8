package io.millrace.dataset.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.InvalidTableException;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.AlwaysTrue;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Delta table by its address, read and appended to through Delta Kernel: for tables of a few
 * rows, and for what the log of a large one says without opening its data.
 */
final class KernelTable {
  private static final Logger log = LoggerFactory.getLogger(KernelTable.class);
  private static final String WRITER = "millrace";
  private static final int MOST_LISTINGS = 5;
  private static final JsonFactory JSON = new JsonFactory();
  private static final StructType COMMIT_INFO =
      new StructType().add("commitInfo", new StructType().add("userMetadata", StringType.STRING));

  private final Engine engine;
  private final String path;

  private KernelTable(Engine engine, String path) {
    this.engine = engine;
    this.path = path;
  }

  static KernelTable at(StorageUri table) {
    return new KernelTable(
        DefaultEngine.create(HadoopPaths.configuration()), HadoopPaths.of(table).toString());
  }

  /** How many rows a table has, by its log; none where there is no table. */
  static long rows(StorageUri address) {
    return contents(address).rows();
  }

  /** The size of a table, by its log; nothing where there is no table. */
  static Contents contents(StorageUri address) {
    KernelTable table = at(address);
    Optional<Snapshot> snapshot = table.snapshot();
    try {
      return snapshot.isEmpty() ? Contents.NOTHING : table.contents(snapshot.get());
    } catch (IOException e) {
      throw DatasetErrors.unreadable(address, e);
    }
  }

  /**
   * The table as it is now; empty if there is none.
   *
   * <p>A directory of a disk is listed entry by entry, while others write: a listing can have a
   * file and lack an older one. Kernel calls such a log damaged; so it is listed again before that
   * is believed.
   */
  Optional<Snapshot> snapshot() {
    for (int attempt = 1; ; attempt++) {
      try {
        return Optional.of(TableManager.loadSnapshot(path).build(engine));
      } catch (TableNotFoundException e) {
        log.debug("No table at {}", path, e);
        return Optional.empty();
      } catch (IllegalArgumentException | InvalidTableException e) {
        if (attempt == MOST_LISTINGS) {
          throw e;
        }
        log.debug("Listing {} again", path, e);
        Backoff.COMMITS.pause(attempt);
      }
    }
  }

  /**
   * Makes the table with its first rows, in one commit.
   *
   * @throws io.delta.kernel.exceptions.TableAlreadyExistsException if there is one
   */
  void create(StructType schema, List<Object[]> rows) throws IOException {
    create(schema, rows, Map.of());
  }

  /**
   * Makes the table with its first rows and some table properties, in one commit.
   *
   * @throws io.delta.kernel.exceptions.TableAlreadyExistsException if there is one
   */
  void create(StructType schema, List<Object[]> rows, Map<String, String> properties)
      throws IOException {
    Transaction transaction =
        TableManager.buildCreateTableTransaction(path, schema, WRITER)
            .withTableProperties(properties)
            .build(engine);
    commit(transaction, schema, rows);
  }

  /**
   * Appends one row in one commit, unless another commit claimed the number first.
   *
   * @param application in whose sequence the number counts
   * @param number one more than the number of the last commit of that application
   * @throws io.delta.kernel.exceptions.ConcurrentTransactionException if the number was taken
   */
  void append(Snapshot snapshot, String application, long number, Object[] row) throws IOException {
    Transaction transaction =
        snapshot
            .buildUpdateTableTransaction(WRITER, Operation.WRITE)
            .withTransactionId(application, number)
            .build(engine);
    List<Object[]> rows = new ArrayList<>(1);
    rows.add(row);
    commit(transaction, snapshot.getSchema(), rows);
  }

  /**
   * Brings the rows of many data files together in one, in a commit of its own, so that reading the
   * table does not take longer with each row that was ever appended. Rows that are appended at the
   * same time stay as they are; where another process gathers too, nothing is done.
   */
  void gather() throws IOException {
    Snapshot snapshot = snapshot().orElseThrow();
    List<Row> removals = removals(snapshot);
    StructType schema = snapshot.getSchema();
    List<Object[]> rows = rows(snapshot, row -> TableRows.cells(row, schema));
    Transaction transaction =
        snapshot.buildUpdateTableTransaction(WRITER, Operation.MANUAL_UPDATE).build(engine);
    try {
      CloseableIterator<Row> actions =
          iterator(removals).combine(appends(transaction, schema, rows));
      commit(transaction, CloseableIterable.inMemoryIterable(actions));
    } catch (ConcurrentWriteException e) {
      log.debug("Another process gathers the rows of {}", path, e);
    }
  }

  private List<Row> removals(Snapshot snapshot) throws IOException {
    List<Row> removals = new ArrayList<>();
    forEachFile(
        snapshot.getScanBuilder().build().getScanFiles(engine, true),
        file -> {
          AddFile added = new AddFile(file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
          removals.add(
              SingleAction.createRemoveFileSingleAction(
                  added.toRemoveFileRow(true, Optional.empty())));
        });
    return removals;
  }

  /** All rows of a snapshot, each through a function that must not keep the row. */
  <T> List<T> rows(Snapshot snapshot, Function<Row, T> mapper) throws IOException {
    return rows(snapshot, AlwaysTrue.ALWAYS_TRUE, mapper);
  }

  /**
   * The rows of those files of a snapshot that may hold a row as wanted, by the statistics in the
   * log. The files' other rows are among them.
   */
  <T> List<T> rows(Snapshot snapshot, Predicate wanted, Function<Row, T> mapper)
      throws IOException {
    List<T> result = new ArrayList<>();
    Scan scan = snapshot.getScanBuilder().withFilter(wanted).build();
    Row state = scan.getScanState(engine);
    StructType physicalSchema = ScanStateRow.getPhysicalDataReadSchema(state);
    forEachFile(
        scan.getScanFiles(engine),
        file -> {
          FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
          CloseableIterator<ColumnarBatch> data =
              engine
                  .getParquetHandler()
                  .readParquetFiles(iterator(List.of(status)), physicalSchema, Optional.empty())
                  .map(FileReadResult::getData);
          try (CloseableIterator<FilteredColumnarBatch> batches =
              Scan.transformPhysicalData(engine, state, file, data)) {
            while (batches.hasNext()) {
              try (CloseableIterator<Row> rows = batches.next().getRows()) {
                rows.forEachRemaining(row -> result.add(mapper.apply(row)));
              }
            }
          }
        });
    return result;
  }

  /**
   * What commits carry as user metadata, by their version; those that carry none are left out, and
   * so are those whose place in the log was cleaned up.
   *
   * @param from the first version to look at
   */
  NavigableMap<Long, String> userMetadata(long from) throws IOException {
    NavigableMap<Long, String> found = new TreeMap<>();
    FileSystemClient files = engine.getFileSystemClient();
    try (CloseableIterator<FileStatus> commits =
        files.listFrom(FileNames.deltaFile(path + "/_delta_log", from))) {
      while (commits.hasNext()) {
        FileStatus file = commits.next();
        if (FileNames.isCommitFile(file.getPath())) {
          userMetadata(file)
              .ifPresent(text -> found.put(FileNames.deltaVersion(file.getPath()), text));
        }
      }
    } catch (FileNotFoundException e) {
      log.debug("No table at {}", path, e);
    }
    return found;
  }

  private Optional<String> userMetadata(FileStatus commit) throws IOException {
    try (CloseableIterator<ColumnarBatch> batches =
        engine
            .getJsonHandler()
            .readJsonFiles(iterator(List.of(commit)), COMMIT_INFO, Optional.empty())) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> actions = batches.next().getRows()) {
          while (actions.hasNext()) {
            Row action = actions.next();
            if (!action.isNullAt(0) && !action.getStruct(0).isNullAt(0)) {
              return Optional.of(action.getStruct(0).getString(0));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What the log says about the data files: no file is opened. */
  Contents contents(Snapshot snapshot) throws IOException {
    long[] rowsAndBytes = new long[2];
    Map<String, Long> rowsByPartition = new HashMap<>();
    Map<String, Long> bytesByPartition = new HashMap<>();
    forEachFile(
        snapshot.getScanBuilder().build().getScanFiles(engine, true),
        file -> {
          long rows =
              numRecords(
                  file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL)
                      .getString(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL));
          rowsAndBytes[0] += rows;
          long bytes = InternalScanFileUtils.getAddFileStatus(file).getSize();
          rowsAndBytes[1] += bytes;
          for (String value : InternalScanFileUtils.getPartitionValues(file).values()) {
            rowsByPartition.merge(value, rows, Long::sum);
            bytesByPartition.merge(value, bytes, Long::sum);
          }
        });
    return new Contents(rowsAndBytes[0], rowsAndBytes[1], rowsByPartition, bytesByPartition);
  }

  /**
   * The size of a table.
   *
   * @param rowsByPartition rows a value of the partition column; empty for a table without one
   * @param bytesByPartition likewise
   */
  record Contents(
      long rows,
      long bytes,
      Map<String, Long> rowsByPartition,
      Map<String, Long> bytesByPartition) {
    static final Contents NOTHING = new Contents(0, 0, Map.of(), Map.of());
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private void commit(Transaction transaction, StructType schema, List<Object[]> rows)
      throws IOException {
    commit(
        transaction,
        CloseableIterable.inMemoryIterable(
            rows.isEmpty() ? iterator(List.of()) : appends(transaction, schema, rows)));
  }

  private void commit(Transaction transaction, CloseableIterable<Row> actions) {
    TransactionCommitResult result;
    try {
      result = transaction.commit(engine, actions);
    } catch (KernelEngineException e) {
      if (e.getCause() instanceof DatasetException explained) {
        throw explained;
      }
      throw e;
    }
    result.getPostCommitHooks().forEach(this::run);
  }

  /** Checkpoints and checksums make the table faster to read; without them it is as complete. */
  private void run(PostCommitHook hook) {
    try {
      hook.threadSafeInvoke(engine);
    } catch (IOException | RuntimeException | FSError e) {
      log.warn("Committed to {}, but without a {}: {}", path, hook.getType(), e.getMessage());
    }
  }

  private CloseableIterator<Row> appends(
      Transaction transaction, StructType schema, List<Object[]> rows) throws IOException {
    try {
      return written(transaction, schema, rows);
    } catch (FSError e) {
      // What Hadoop's local file system throws where the disk is full: no Exception.
      throw new IOException(e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
    }
  }

  private CloseableIterator<Row> written(
      Transaction transaction, StructType schema, List<Object[]> rows) throws IOException {
    Row state = transaction.getTransactionState(engine);
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    FilteredColumnarBatch batch =
        new FilteredColumnarBatch(new TableRows(schema, rows), Optional.empty());
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(engine, state, iterator(List.of(batch)), Map.of());
    CloseableIterator<DataFileStatus> files =
        engine
            .getParquetHandler()
            .writeParquetFiles(
                context.getTargetDirectory(), physical, context.getStatisticsColumns());
    return Transaction.generateAppendActions(engine, state, files, context);
  }

  private static void forEachFile(
      CloseableIterator<FilteredColumnarBatch> batches, FileConsumer consumer) throws IOException {
    try (batches) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            consumer.accept(files.next());
          }
        }
      }
    }
  }

  private interface FileConsumer {
    void accept(Row file) throws IOException;
  }

  private long numRecords(String statistics) throws IOException {
    try (JsonParser json = JSON.createParser(statistics == null ? "{}" : statistics)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("numRecords")) {
          return json.getLongValue();
        }
        json.skipChildren();
      }
    }
    throw new IllegalStateException("A data file of " + path + " has no row count in the log");
  }

  private static <T> CloseableIterator<T> iterator(List<T> list) {
    var elements = list.iterator();
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public T next() {
        return elements.next();
      }

      @Override
      public void close() {}
    };
  }
}
