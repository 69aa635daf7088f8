package io.millrace.training.local;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the local back end adds to the environment of each process. */
final class LocalEnvironment {
  private LocalEnvironment() {}

  /**
   * Variables for processes that share one machine. One that the launcher's own environment sets
   * stays as it is there.
   *
   * @param inherited the launcher's own environment
   * @param cores of the machine
   * @param processes of the job
   */
  static Map<String, String> of(Map<String, String> inherited, int cores, int processes) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PYTHONUNBUFFERED", "1");
    variables.put("OMP_NUM_THREADS", Integer.toString(Math.max(1, cores / processes)));
    variables.put("GLOO_SOCKET_IFNAME", "lo");
    variables.put("NCCL_SOCKET_IFNAME", "lo");
    for (String name : List.copyOf(variables.keySet())) {
      if (inherited.containsKey(name)) {
        variables.put(name, inherited.get(name));
      }
    }
    if (inherited.containsKey("PYTHONPATH") && !inherited.get("PYTHONPATH").isEmpty()) {
      variables.put("PYTHONPATH", inherited.get("PYTHONPATH"));
    }
    return variables;
  }
}
