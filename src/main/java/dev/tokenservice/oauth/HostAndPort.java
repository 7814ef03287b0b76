package dev.tokenservice.oauth;

import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host, and port, that a client asked for: a DNS name or an IP literal, in lower case (RFC 3986 section 3.2).
 *
 * @param host DNS name, IPv4 address, or IPv6 address in brackets
 * @param port where one was given
 */
public record HostAndPort(String host, OptionalInt port) {

    private static final int MAX_HOST_LENGTH = 253;
    private static final int MAX_PORT = 65_535;
    private static final int HTTPS_PORT = 443;
    private static final Pattern FORM = Pattern.compile(
            "(?<host>\\[[0-9a-f:.]{2,45}]|[a-z0-9.-]{1,253})(?::(?<port>[1-9][0-9]{0,4}))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DNS_NAME =
            Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

    /** A name whose last label is a number is an IPv4 address or invalid (WHATWG URL section 3.5). */
    private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    /** Reads the value of a {@code Host} header; nothing if it is anything but a plain authority (RFC 3986 section 3.2). */
    public static Optional<HostAndPort> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group("host").toLowerCase(Locale.ROOT);
        String port = matcher.group("port");
        OptionalInt number = port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port));
        boolean valid = isHost(host) && number.orElse(1) <= MAX_PORT;
        return valid ? Optional.of(new HostAndPort(host, number)) : Optional.empty();
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[") || NUMERIC.matcher(host).matches()) {
            return InetAddresses.isUriInetAddress(host);
        }
        return host.length() <= MAX_HOST_LENGTH && DNS_NAME.matcher(host).matches();
    }

    /**
     * Returns whether the host can only be this machine (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section
     * 2.5.3).
     */
    public boolean isLoopback() {
        return host.equals("localhost")
                || (InetAddresses.isUriInetAddress(host)
                        && InetAddresses.forUriString(host).isLoopbackAddress());
    }

    /** Returns the https URL of this authority, with the port unless it is the default one, and without a slash at the end. */
    public String httpsUrl() {
        return "https://" + host + (port.orElse(HTTPS_PORT) == HTTPS_PORT ? "" : ":" + port.getAsInt());
    }

    /** Returns the http URL of this authority, for a machine that talks to itself. */
    public String httpUrl() {
        return "http://" + host + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
