package dev.tokenservice.outbound;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The URLs that documents are fetched from. */
public final class WebUrl {

    private static final int MAX_LENGTH = 2048;

    private WebUrl() {}

    /** Reads an absolute http or https URL with a host, and without user information and fragment. */
    public static Optional<URI> parse(String text) {
        try {
            URI url = new URI(text);
            boolean isOfTheWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return Optional.of(url)
                    .filter(it -> isOfTheWeb
                            && text.length() <= MAX_LENGTH
                            && text.chars().allMatch(c -> c > ' ' && c <= '~')
                            && it.getHost() != null
                            && it.getPort() <= 0xffff
                            && it.getRawUserInfo() == null
                            && it.getRawFragment() == null);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
