package dev.tokenservice.google;

/** The form of the URLs of Google's APIs, and of what stands in for them. */
final class ApiUrl {

    private static final String PORT =
            "(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]" + "|6553[0-5]))?";
    static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,10}";
    private static final String LOOPBACK = "(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])";
    static final String ORIGIN = "(?:https://(?:" + HOST + "|\\[[0-9a-f:.]+\\])|http://" + LOOPBACK + ")" + PORT;
    static final String ROOT_MESSAGE =
            "must be an https URL without a path, such as https://host.example (http for a loopback host only)";

    private ApiUrl() {}
}
