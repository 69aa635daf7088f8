package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.ingestion.probe.TextScan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The paths that a list of files holds, one a line, as paths in the source.
 *
 * <p>Lists of the field name their files in several ways: {@code obj_train_data/a.jpg}, {@code
 * data/obj_train_data/a.jpg}, {@code /home/me/data/obj_train_data/a.jpg}. What counts is the
 * longest end of the path whose directory is in the source; each directory is looked up once.
 */
final class ListedPaths {
  private final StorageUri source;
  private final ObjectStore store;
  private final Map<String, String> directories = new HashMap<>();

  ListedPaths(StorageUri source, ObjectStore store) {
    this.source = requireNonNull(source, "source is null");
    this.store = requireNonNull(store, "store is null");
  }

  /**
   * The paths of a list, read while the stream is, which the caller closes; empty lines are left
   * out. The text is UTF-8, with or without byte order mark, or GBK.
   */
  Stream<String> read(StorageUri list) throws IOException {
    Charset charset = isUtf8(list) ? StandardCharsets.UTF_8 : TextScan.GBK;
    BufferedReader lines = new BufferedReader(new InputStreamReader(store.open(list), charset));
    return lines
        .lines()
        .map(line -> (line.startsWith("\uFEFF") ? line.substring(1) : line).strip())
        .filter(line -> !PathEnds.names(line).isEmpty())
        .map(this::inSource)
        .onClose(() -> close(lines));
  }

  private String inSource(String path) {
    List<String> names = PathEnds.names(path);
    String file = names.get(names.size() - 1);
    String directory = String.join("/", names.subList(0, names.size() - 1));
    String found = directories.computeIfAbsent(directory, unknown -> directory(unknown, file));
    return found.isEmpty() ? file : found + "/" + file;
  }

  /** The directory's longest end in the source; itself where nothing of it is there. */
  private String directory(String listed, String file) {
    try {
      for (String end : PathEnds.of(listed)) {
        if (store.isDirectory(source.resolve(end))) {
          return end;
        }
      }
      return store.find(source.resolve(file)).isPresent() ? "" : listed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isUtf8(StorageUri list) throws IOException {
    try (InputStream bytes = store.open(list);
        Reader text = new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder())) {
      text.transferTo(Writer.nullWriter());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void close(BufferedReader lines) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
