package io.millrace.ingestion.table;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.table.TypeEvidence;
import io.millrace.ingestion.table.CsvFileScan.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The columns that all files of a source have, or the two that contradict each other. */
public final class SchemaAgreement {
  private SchemaAgreement() {}

  /**
   * The columns that files agree on: the same names in the same order, case counts. A column has
   * the type that fits its texts in all files; but where one file has, say, dates and another text,
   * that is taken for a mistake and not for a column of texts.
   *
   * @param scans of readable files by address, at least one; the first in order is compared with
   *     each other one
   * @throws DatasetException that shows the columns of the first two files that differ
   */
  public static TableSchema ofFiles(String source, Map<String, Known> scans) {
    var files = scans.entrySet().iterator();
    Map.Entry<String, Known> first = files.next();
    checkNames(source, first.getKey(), first.getValue());
    List<TypeEvidence> evidence = new ArrayList<>(first.getValue().evidence());
    while (files.hasNext()) {
      Map.Entry<String, Known> next = files.next();
      checkNames(source, next.getKey(), next.getValue());
      Known known = first.getValue().withEvidence(evidence);
      if (!agree(known, next.getValue())) {
        throw TableErrors.filesDiffer(
            source, first.getKey(), known.inferred(), next.getKey(), next.getValue().inferred());
      }
      IntStream.range(0, evidence.size())
          .forEach(i -> evidence.set(i, evidence.get(i).merge(next.getValue().evidence().get(i))));
    }
    return first.getValue().withEvidence(evidence).inferred();
  }

  /**
   * Checks the columns that a file names against those of the dataset; a file without header names
   * none, it can only have rows with too many or too few values, which are refused one by one.
   *
   * @throws DatasetException that shows both
   */
  public static void checkColumns(
      String source, TableSchema dataset, String file, Known scan, CsvDialect.Header header) {
    if (header == CsvDialect.Header.PRESENT) {
      checkNames(source, file, scan);
      if (!scan.names().equals(dataset.names())) {
        throw TableErrors.otherColumns(source, dataset, file, scan.withTypesOf(dataset));
      }
    }
  }

  private static boolean agree(Known one, Known other) {
    return one.names().equals(other.names())
        && IntStream.range(0, one.names().size())
            .allMatch(i -> one.evidence().get(i).agreesWith(other.evidence().get(i)));
  }

  /** Names that no dataset can have are the file's fault, so the message names the file. */
  private static void checkNames(String source, String file, Known scan) {
    try {
      scan.names().forEach(name -> new TableColumn(name, TypeEvidence.NONE.type()));
      scan.inferred();
    } catch (DatasetException e) {
      throw TableErrors.badHeader(source, file, e);
    }
  }
}
