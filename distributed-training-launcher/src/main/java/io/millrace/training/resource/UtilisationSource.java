package io.millrace.training.resource;

import io.millrace.training.Rank;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Where the utilisation of a machine is read. One thread looks, and never at the same time twice.
 */
public interface UtilisationSource {

  /**
   * Looks once. Usage of CPU is that since the look before; the first look only remembers, and
   * tells 0.
   *
   * @param now later than at the look before, by a clock that is never set
   * @param processes those of each rank that runs
   */
  UtilisationLook look(Instant now, Map<Rank, List<Long>> processes);
}
