package dev.tokenservice.policy;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of relying party with its known limits. Each limit names the page of the vendor that states it, and when that was
 * read.
 */
public enum Profile {
    GOOGLE(
            List.of(Algorithms.RS256, Algorithms.ES256),
            "https://cloud.google.com/iam/docs/workload-identity-federation-with-other-providers",
            most(Measure.SUBJECT_BYTES, 127, Pages.GOOGLE_PROVIDERS),
            most(Measure.CLIENT_ID_BYTES, 127, Pages.GOOGLE_PROVIDERS)),
    AWS(
            List.of(Algorithms.RS256, Algorithms.ES256),
            Pages.AWS_OIDC,
            most(Measure.ISSUER, 255, Pages.AWS_PROVIDER),
            Limit.form(
                    Measure.ISSUER,
                    "https://[^:?#]+",
                    "an https URL without port and query",
                    Pages.AWS_OIDC,
                    Pages.READ),
            most(Measure.AUDIENCE, 255, Pages.AWS_PROVIDER),
            most(Measure.TOKEN, 20_000, Pages.AWS_ASSUME),
            most(Measure.TAGS, 50, Pages.AWS_TAG),
            most(Measure.TAG_KEY, 128, Pages.AWS_TAG),
            most(Measure.TAG_VALUE, 256, Pages.AWS_TAG),
            tagForm(Measure.TAG_KEY, "+"),
            tagForm(Measure.TAG_VALUE, "*")),
    ENTRA(
            List.of(Algorithms.RS256),
            Pages.ENTRA_CONSIDERATIONS,
            most(Measure.ISSUER, 600, Pages.ENTRA_CREDENTIAL),
            most(Measure.SUBJECT, 600, Pages.ENTRA_CREDENTIAL),
            most(Measure.AUDIENCE, 600, Pages.ENTRA_CREDENTIAL)),
    VAULT(List.of(Algorithms.RS256, Algorithms.ES256), "https://developer.hashicorp.com/vault/api-docs/auth/jwt"),
    KUBERNETES(
            List.of(Algorithms.RS256, Algorithms.ES256),
            Pages.KUBERNETES,
            Limit.form(Measure.ISSUER, "https://.+", "an https URL", Pages.KUBERNETES, Pages.READ)),
    GENERIC(List.of(Algorithms.RS256, Algorithms.ES256), "https://www.rfc-editor.org/rfc/rfc7518");

    /** The JWS algorithms of this service. */
    private static final class Algorithms {
        static final String RS256 = "RS256";
        static final String ES256 = "ES256";
    }

    private static final class Pages {
        static final LocalDate READ = LocalDate.of(2026, 11, 30);
        static final String GOOGLE_PROVIDERS =
                "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers";
        static final String AWS_ASSUME =
                "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html";
        static final String AWS_TAG = "https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html";
        static final String AWS_PROVIDER =
                "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html";
        static final String AWS_OIDC =
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html";
        static final String ENTRA_CONSIDERATIONS =
                "https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation-considerations";
        static final String ENTRA_CREDENTIAL =
                "https://learn.microsoft.com/en-us/graph/api/resources/federatedidentitycredential";
        static final String KUBERNETES = "https://kubernetes.io/docs/reference/access-authn-authz/authentication/";
    }

    private final String label = name().toLowerCase(Locale.ROOT);

    @SuppressWarnings("ImmutableEnumChecker") // Copies of lists of records and texts.
    private final List<String> algorithms;

    private final String algorithmsSource;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Limit> limits;

    Profile(List<String> algorithms, String algorithmsSource, Limit... limits) {
        this.algorithms = algorithms;
        this.algorithmsSource = algorithmsSource;
        this.limits = List.of(limits);
    }

    private static Limit most(Measure measure, int most, String source) {
        return Limit.most(measure, most, source, Pages.READ);
    }

    private static Limit tagForm(Measure measure, String times) {
        return Limit.form(
                measure,
                "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]" + times,
                "letters, digits, spaces and _.:/=+-@",
                Pages.AWS_TAG,
                Pages.READ);
    }

    /** Returns its name in a policy. */
    public String label() {
        return label;
    }

    /** Returns the algorithms of this service that it accepts. */
    public List<String> algorithms() {
        return algorithms;
    }

    /** Returns the URL of the page that lists the accepted algorithms. */
    public String algorithmsSource() {
        return algorithmsSource;
    }

    /** Returns all known limits, without those of algorithms. */
    public List<Limit> limits() {
        return limits;
    }

    /** Returns the largest accepted length; {@link Integer#MAX_VALUE} if no limit is known. */
    int most(Measure measure) {
        return limits.stream()
                .filter(limit -> limit.measure() == measure)
                .mapToInt(Limit::most)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /** Returns when the pages were read. */
    public static LocalDate read() {
        return Pages.READ;
    }

    /** Returns how a value exceeds the limits. */
    public Stream<String> problems(Measure measure, String value) {
        return limits.stream()
                .filter(limit -> limit.measure() == measure)
                .flatMap(limit -> limit.problem(value).stream());
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Profile::label).toList();
    }

    static Optional<Profile> of(String label) {
        return Arrays.stream(values())
                .filter(profile -> profile.label.equals(label))
                .findFirst();
    }
}
