package io.millrace.training.resource;

import io.millrace.training.Rank;
import java.time.Instant;
import java.util.Map;

/**
 * Where the utilisation of a run's machines is read. One thread looks, and never at the same time
 * twice.
 */
public interface UtilisationSource extends AutoCloseable {

  /**
   * Looks once. Usage of CPU is that since the look before; the first look only remembers, and
   * tells 0.
   *
   * @param now later than at the look before
   * @param supervised the process of each rank that runs, by the number that its node gave it
   */
  UtilisationLook look(Instant now, Map<Rank, Long> supervised);

  /** Another thread wants no more looks: one that waits for its nodes ends at once. */
  @Override
  default void close() {}
}
