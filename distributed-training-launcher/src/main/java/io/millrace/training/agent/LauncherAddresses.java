package io.millrace.training.agent;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Where agents can reach a launcher. */
public final class LauncherAddresses {
  private LauncherAddresses() {}

  /**
   * The IPv4 addresses of this machine's network interfaces that are up; {@code 127.0.0.1} alone if
   * it has none but that.
   */
  public static List<String> ofThisMachine() throws SocketException {
    List<String> addresses = new ArrayList<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      if (each.isUp() && !each.isLoopback()) {
        each.inetAddresses()
            .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
            .map(InetAddress::getHostAddress)
            .forEach(addresses::add);
      }
    }
    return addresses.isEmpty() ? List.of("127.0.0.1") : List.copyOf(addresses);
  }
}
