package dev.tokenservice.oauth;

import java.util.regex.Pattern;

/** The form of a service account's email address, checked before it becomes part of any URL. */
public final class EmailAddress {

    /** The form as a regular expression, for settings that hold an address. */
    public static final String REGEXP = "[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?@[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
            + "(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){1,8}";

    private static final int MAX_LENGTH = 254;
    private static final Pattern FORM = Pattern.compile(REGEXP);

    private EmailAddress() {}

    /**
     * Returns whether the text is an address such as {@code token-service@project.iam.gserviceaccount.com}, at most 254
     * long.
     */
    public static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
    }
}
