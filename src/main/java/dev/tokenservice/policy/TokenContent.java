package dev.tokenservice.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** An optional claim, which {@code include} of a relying party can leave out. */
public enum TokenContent {
    CLIENT,
    CNF,
    AMR,
    CLIENT_ID;

    /** The value of {@code include} for no optional claims. */
    static final String MINIMAL = "minimal";

    /** Returns the name of the claim. */
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Set<TokenContent> all() {
        return EnumSet.allOf(TokenContent.class);
    }

    static List<String> claims() {
        return Arrays.stream(values()).map(TokenContent::claim).toList();
    }

    static Optional<TokenContent> of(String claim) {
        return Arrays.stream(values())
                .filter(content -> content.claim().equals(claim))
                .findFirst();
    }
}
