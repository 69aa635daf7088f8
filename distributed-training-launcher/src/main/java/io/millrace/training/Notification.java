package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.net.URI;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whom to tell of a run.
 *
 * @param url http or https; holds no user and password, as a job is stored as plain text
 * @param on at least one
 */
public record Notification(URI url, Set<NotificationEvent> on) {
  public Notification {
    checkArgument(
        url != null
            && url.getHost() != null
            && ("https".equalsIgnoreCase(url.getScheme())
                || "http".equalsIgnoreCase(url.getScheme())),
        "Invalid notification: '%s' (expected https://HOST/PATH or http://HOST/PATH)",
        url == null ? "" : withoutUser(url));
    checkArgument(
        url.getRawUserInfo() == null,
        "Invalid notification: the address of %s holds a user or password, and a job is stored as"
            + " plain text (remove them)",
        url.getHost());
    checkArgument(
        on != null && !on.isEmpty(),
        "Invalid notification: %s is told of nothing (expected started, finished, failed, stopped"
            + " or hung)",
        url);
    on = Set.copyOf(on);
  }

  /** Tells the address of these events. */
  public static Notification of(URI url, Collection<NotificationEvent> on) {
    return new Notification(
        url, on.isEmpty() ? EnumSet.noneOf(NotificationEvent.class) : EnumSet.copyOf(on));
  }

  private static String withoutUser(URI url) {
    return url.toString().replaceAll("//[^/@]*@", "//");
  }
}
