package dev.tokenservice.policy;

import java.nio.charset.StandardCharsets;

/** A part of a token that a relying party limits. */
public enum Measure {
    ISSUER("the issuer (iss)", "characters"),
    AUDIENCE("the audience (aud)", "characters"),
    SUBJECT("the subject (sub)", "characters"),
    SUBJECT_BYTES("the subject (sub)", "bytes"),
    CLIENT_ID_BYTES("the client id (client_id)", "bytes"),
    TOKEN("the ID token", "characters"),
    TAGS("the claim with session tags", "tags"),
    TAG_KEY("the key of a session tag", "characters"),
    TAG_VALUE("the value of a session tag", "characters");

    private static final String BYTES = "bytes";

    private final String noun;
    private final String unit;

    Measure(String noun, String unit) {
        this.noun = noun;
        this.unit = unit;
    }

    /** Returns its name for messages. */
    public String noun() {
        return noun;
    }

    String unit() {
        return unit;
    }

    int length(String value) {
        return unit.equals(BYTES)
                ? value.getBytes(StandardCharsets.UTF_8).length
                : value.codePointCount(0, value.length());
    }
}
