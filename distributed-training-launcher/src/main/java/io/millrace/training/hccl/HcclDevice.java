package io.millrace.training.hccl;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * An Ascend device of a server.
 *
 * @param id its number on the server, from 0
 * @param ip the address of its network card; documents mask parts of it, so any text that is not
 *     blank will do
 */
public record HcclDevice(int id, String ip) {
  public HcclDevice {
    checkArgument(id >= 0, "Invalid device_id: %s (expected 0 or more)", id);
    checkArgument(ip != null && !ip.isBlank(), "Invalid device_ip: '%s' (expected an address)", ip);
  }
}
