package io.millrace.ingestion;

/**
 * Is told how far an import has come, by one thread at a time; must return at once. Numbers never
 * fall, but for those of a task that fails and is repeated.
 */
public interface ImportProgress {
  /** Nobody watches. */
  ImportProgress NONE =
      new ImportProgress() {
        @Override
        public void listed(long entries) {}

        @Override
        public void inspected(long entries, long total) {}

        @Override
        public void committing() {}
      };

  /**
   * The source is being listed.
   *
   * @param entries files, or lines of a manifest, found so far
   */
  void listed(long entries);

  /**
   * What was found is being inspected.
   *
   * @param entries how many are done
   * @param total how many there are
   */
  void inspected(long entries, long total);

  /** All is inspected; what changes is being written. */
  void committing();
}
