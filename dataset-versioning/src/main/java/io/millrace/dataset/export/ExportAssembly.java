package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectContent;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts together, in one place, what the tasks of an export wrote: lists are streamed, never held.
 */
public final class ExportAssembly {
  private final StorageUri staging;
  private final ObjectStore store;
  private final Map<String, Set<Integer>> tasksOfLists;
  private long files;
  private long bytes;

  /**
   * @param tasksOfLists of each list, the tasks that wrote a part of it
   */
  public ExportAssembly(
      StorageUri staging, StorageSettings settings, Map<String, Set<Integer>> tasksOfLists) {
    this.staging = requireNonNull(staging, "staging is null");
    this.store = ObjectStores.of(staging, settings);
    this.tasksOfLists = new TreeMap<>(tasksOfLists);
  }

  /** The lists of which some task wrote a part, in alphabetical order. */
  public List<String> lists() {
    return List.copyOf(tasksOfLists.keySet());
  }

  /** Whether any task wrote a part of a list. */
  public boolean has(String list) {
    return tasksOfLists.containsKey(list);
  }

  /** Makes a file of a list, under the list's own path; an empty one where no task wrote a part. */
  public void join(String list) throws IOException {
    write(list, out -> append(list, "", out));
  }

  /**
   * Passes the parts of a list on.
   *
   * @param separator stands between two parts
   */
  public void append(String list, String separator, OutputStream out) throws IOException {
    boolean isFirst = true;
    for (int task : new TreeSet<>(tasksOfLists.getOrDefault(list, Set.of()))) {
      if (!isFirst) {
        out.write(separator.getBytes(StandardCharsets.UTF_8));
      }
      isFirst = false;
      try (InputStream in = store.open(staging.resolve(ExportOutput.partOf(list, task)))) {
        in.transferTo(out);
      }
    }
  }

  /** Writes a file whole, or, where the content fails, not at all. */
  public void write(String path, ObjectContent content) throws IOException {
    long[] written = new long[1];
    store.write(
        staging.resolve(path),
        out -> {
          OutputStream counting = new ExportOutput.Counting(out, written);
          content.writeTo(counting);
          counting.flush();
        });
    files++;
    bytes += written[0];
  }

  public void write(String path, String text) throws IOException {
    write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Removes the parts of all lists. */
  public void removeParts() throws IOException {
    if (!tasksOfLists.isEmpty()) {
      store.delete(staging.resolve(ExportOutput.PARTS));
    }
  }

  public long files() {
    return files;
  }

  public long bytes() {
    return bytes;
  }
}
