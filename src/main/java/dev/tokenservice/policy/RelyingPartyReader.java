package dev.tokenservice.policy;

import dev.tokenservice.configuration.Durations;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.policy.cel.Expression;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads one relying party of a policy file, and checks it against the limits of its profile. */
final class RelyingPartyReader {

    static final List<String> KEYS =
            List.of("profile", "audience", "algorithm", "keys", "tokenValidity", "subject", "include", "claims");

    private static final String UPLOADED = "uploaded";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
    private static final Pattern AUDIENCE = Pattern.compile("[!-~]{1,2048}");
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private final PolicyNode place;
    private final TokenSettings settings;
    private final Map<String, PolicyNode> members;
    private final Profile profile;

    private RelyingPartyReader(PolicyNode place, TokenSettings settings) {
        this.place = place;
        this.settings = settings;
        this.members = place.members(KEYS);
        this.profile = Optional.ofNullable(members.get("profile"))
                .flatMap(node -> node.choice(Profile.labels()))
                .flatMap(Profile::of)
                .orElse(Profile.GENERIC);
    }

    /**
     * Reads a relying party.
     *
     * @param namings the templates of client ids
     * @param expressions reads the expressions of claims
     * @return the relying party; empty if it has no audience
     */
    static Optional<RelyingParty> read(
            String name,
            PolicyNode place,
            TokenSettings settings,
            List<ClientIdTemplate> namings,
            ExpressionReader expressions) {
        if (!NAME.matcher(name).matches()) {
            place.problem("the relying party " + PolicyProblems.quoted(name)
                    + " must be named with 1 to 63 letters, digits, - and _");
        }
        RelyingPartyReader reader = new RelyingPartyReader(place, settings);
        settings.issuer()
                .ifPresent(issuer -> reader.profile
                        .problems(Measure.ISSUER, issuer)
                        .forEach(problem -> place.problem(problem + ": change TOKEN_ISSUER")));
        Optional<String> algorithm = reader.algorithm();
        boolean uploaded = reader.uploaded();
        Optional<Duration> validity = reader.validity();
        SubjectTemplate subject = reader.subject(namings);
        Set<TokenContent> contents = reader.contents();
        Map<String, Expression> claims = reader.claims(expressions);
        return reader.audience()
                .map(audience -> new RelyingParty(
                        name, audience, reader.profile, algorithm, uploaded, validity, subject, contents, claims));
    }

    /**
     * Reads only the key settings of a relying party.
     *
     * @return the algorithm of its tokens; empty if it fetches the keys
     */
    static Optional<String> algorithmOfUploaded(PolicyNode place, TokenSettings settings) {
        RelyingPartyReader reader = new RelyingPartyReader(place, settings);
        return reader.uploaded() ? Optional.of(reader.algorithm().orElse(settings.algorithm())) : Optional.empty();
    }

    private boolean uploaded() {
        PolicyNode node = members.get("keys");
        if (node == null || node.choice(List.of(UPLOADED)).isEmpty()) {
            return false;
        }
        if (settings.rotatedByGoogle()) {
            node.problem(
                    "keys: uploaded is not possible if IAM signs, because Google rotates the keys at any time: set SIGNER to "
                            + "local, or remove keys and let the relying party fetch the keys");
        }
        return true;
    }

    private Optional<String> audience() {
        PolicyNode node = members.get("audience");
        if (node != null) {
            return node.text().filter(text -> isAudience(text, node));
        }
        Optional<String> provider = settings.audiences().provider();
        if (profile != Profile.GOOGLE) {
            place.problem("audience is missing: the aud of its tokens");
        } else if (provider.isEmpty()) {
            place.problem("audience is missing, and no workload identity provider is configured: set audience, or "
                    + "WORKLOAD_IDENTITY_PROJECT_NUMBER, WORKLOAD_IDENTITY_POOL_ID and WORKLOAD_IDENTITY_PROVIDER_ID");
        }
        return profile == Profile.GOOGLE ? provider : Optional.empty();
    }

    private boolean isAudience(String text, PolicyNode node) {
        if (!AUDIENCE.matcher(text).matches()) {
            node.problem("must be visible ASCII without spaces, at most 2048 characters, found "
                    + PolicyProblems.quoted(text));
            return false;
        }
        profile.problems(Measure.AUDIENCE, text).forEach(node::problem);
        return true;
    }

    /**
     * Returns the named algorithm. Without one, returns the single accepted algorithm if the relying party does not accept
     * that of the settings.
     */
    private Optional<String> algorithm() {
        PolicyNode node = members.get("algorithm");
        Optional<String> named = node == null ? Optional.empty() : node.choice(Profile.GENERIC.algorithms());
        Optional<String> wanted =
                named.or(() -> Optional.of(profile.algorithms().get(0))
                        .filter(first -> !profile.algorithms().contains(settings.algorithm())));
        PolicyNode told = node == null ? place : node;
        if (wanted.isPresent() && !profile.algorithms().contains(wanted.get())) {
            told.problem(profile.label() + " accepts " + String.join(", ", profile.algorithms()) + " only ("
                    + profile.algorithmsSource() + ", read on " + Profile.read() + ")");
        } else if (wanted.isPresent() && !hasKey(wanted.get())) {
            told.problem(
                    "there is no key for " + wanted.get() + ", with which its tokens are to be signed: add one with "
                            + "'keys generate DIR --algorithm " + wanted.get() + "'; IAM signs with RS256 only");
        }
        return wanted;
    }

    /** Unreadable keys count as present, because another check reports them. */
    private boolean hasKey(String algorithm) {
        try {
            return algorithm.equals(settings.algorithm())
                    || settings.algorithms().get().contains(algorithm);
        } catch (UnusableFileException e) {
            return true;
        }
    }

    private Optional<Duration> validity() {
        PolicyNode node = members.get("tokenValidity");
        if (node == null) {
            return Optional.empty();
        }
        Optional<String> text = node.text();
        Optional<Duration> validity = text.flatMap(Durations::parse)
                .filter(length -> length.compareTo(SHORTEST) >= 0 && length.compareTo(Policy.LONGEST_VALIDITY) <= 0);
        if (text.isPresent() && validity.isEmpty()) {
            node.problem("must be a duration of 10 seconds to 12 hours, such as 2m or PT2M, found "
                    + PolicyProblems.quoted(text.get()));
        }
        return validity;
    }

    private SubjectTemplate subject(List<ClientIdTemplate> namings) {
        PolicyNode node = members.get("subject");
        if (node == null) {
            return SubjectTemplate.CLIENT_ID;
        }
        SubjectTemplate subject =
                node.text().map(text -> SubjectTemplate.parse(text, namings)).orElse(SubjectTemplate.CLIENT_ID);
        subject.problems().forEach(node::problem);
        String shortest = "x".repeat(subject.template().literalLength());
        profile.problems(Measure.SUBJECT, shortest).forEach(node::problem);
        profile.problems(Measure.SUBJECT_BYTES, shortest).forEach(node::problem);
        return subject;
    }

    private Map<String, Expression> claims(ExpressionReader expressions) {
        return Optional.ofNullable(members.get("claims"))
                .map(node -> ClaimsReader.read(node, Set.of(SubjectOwners.ROW), expressions, Set.of(profile)))
                .orElse(Map.of());
    }

    private Set<TokenContent> contents() {
        PolicyNode node = members.get("include");
        if (node == null) {
            return TokenContent.all();
        }
        Set<TokenContent> contents = EnumSet.noneOf(TokenContent.class);
        if (node.node() instanceof SequenceNode) {
            for (Placed item : node.texts()) {
                item.node()
                        .choice(TokenContent.claims())
                        .flatMap(TokenContent::of)
                        .ifPresent(contents::add);
            }
        } else if (!node.written().equals(TokenContent.MINIMAL)) {
            node.problem("must be minimal, or a list of " + String.join(", ", TokenContent.claims()));
        }
        if (profile == Profile.GOOGLE && !contents.containsAll(Set.of(TokenContent.CLIENT, TokenContent.CLIENT_ID))) {
            node.problem("must hold client and client_id with the profile google: the attribute mapping reads them");
        }
        return contents;
    }
}
