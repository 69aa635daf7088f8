package io.millrace.inference.model;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The models of this process: each is loaded once and serves all its threads, be it the driver that
 * checks it or the tasks of an executor. A model that nobody uses stays until another one is
 * loaded.
 */
public final class LoadedModels {
  private static final Object LOCK = new Object();
  private static final Map<Key, Entry> MODELS = new HashMap<>();

  private LoadedModels() {}

  private record Key(String digest, int intraOpThreads) {}

  private static final class Entry {
    private final OnnxModel model;
    private int users;

    private Entry(OnnxModel model) {
      this.model = model;
    }
  }

  /** The right to use a model; it ends with {@link #close}, which may be called once. */
  public static final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    public OnnxModel model() {
      return entry.model;
    }

    @Override
    public void close() {
      synchronized (LOCK) {
        entry.users--;
      }
    }
  }

  /**
   * Takes a model into use, loading it if this process has not got it.
   *
   * @throws io.millrace.dataset.DatasetException if it cannot be loaded
   */
  public static Lease lease(ModelFiles files, int intraOpThreads) {
    Key key = new Key(files.digest().hex(), intraOpThreads);
    synchronized (LOCK) {
      Entry entry = MODELS.get(key);
      if (entry == null) {
        closeUnused();
        entry = new Entry(OnnxModel.load(files, intraOpThreads));
        MODELS.put(key, entry);
      }
      entry.users++;
      return new Lease(entry);
    }
  }

  /** The number of models in memory. */
  static int count() {
    synchronized (LOCK) {
      return MODELS.size();
    }
  }

  private static void closeUnused() {
    for (Iterator<Entry> entries = MODELS.values().iterator(); entries.hasNext(); ) {
      Entry entry = entries.next();
      if (entry.users == 0) {
        entries.remove();
        entry.model.close();
      }
    }
  }
}
