package dev.tokenservice.doctor;

import com.google.common.base.CharMatcher;
import dev.tokenservice.oauth.Issuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A service as its clients name it.
 *
 * @param url its issuer, exactly as given
 * @param host a DNS name, or an IP address without brackets
 * @param port 1 to 65535
 * @param encrypted whether the URL is https
 */
record RemoteService(String url, String host, int port, boolean encrypted) {

    private static final Pattern SAFE = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]_~/-]{1,250}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|::1");
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /**
     * Parses a URL. Remedies quote it in commands, so that only characters without a meaning to a shell are allowed.
     *
     * @throws IllegalArgumentException with a message that says what is allowed
     */
    static RemoteService of(String url) {
        if (!SAFE.matcher(url).matches()) {
            throw new IllegalArgumentException("must be https://HOST, without query and fragment");
        }
        URI uri = parse(url);
        boolean encrypted = uri.getScheme().equals("https");
        String host = CharMatcher.anyOf("[]").removeFrom(uri.getHost()).toLowerCase(Locale.ROOT);
        if (!encrypted && !LOOPBACK.matcher(host).matches()) {
            throw new IllegalArgumentException("must be https (http for this machine only)");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : encrypted ? HTTPS : HTTP;
        return new RemoteService(url, host, port, encrypted);
    }

    private static URI parse(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() != null && uri.getPort() != 0 && uri.getPort() < 1 << 16) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("must be https://HOST, without query and fragment");
    }

    String endpoint(String path) {
        return new Issuer(url, false).endpoint(path);
    }
}
