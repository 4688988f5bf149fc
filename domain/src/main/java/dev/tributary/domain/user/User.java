package dev.tributary.domain.user;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.messaging.StateKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A registered user. Whether the welcome mail was sent is a {@link Welcome}, not a part of this: the two are made by different groups at the
 * same time, and neither has to wait for the other.
 */
public record User(UserId id, EmailAddress email, Optional<UserName> name, Instant createdAt,
    Optional<Profile> profile) {

  public static final Aggregate<User> AGGREGATE = new Aggregate<>("user", UserEvent.TOPIC, User.class);

  public static StateKey<User> key(UserId id) {
    return AGGREGATE.key(id.value());
  }

  public static Decision<User, UserEvent> register(UserId id, EmailAddress email, Optional<UserName> name, Instant at) {
    return new Decision<>(new User(id, email, name, at, Optional.empty()), List.of(new UserCreated(id, email, name)));
  }

  /** The user whom another producer told of: as it was told, without telling it again. */
  public static User told(UserCreated told, Instant at) {
    return new User(told.userId(), told.email(), told.name(), at, Optional.empty());
  }

  /** This user without what came later. */
  public User asRegistered() {
    return new User(id, email, name, createdAt, Optional.empty());
  }

  /** A user has one profile: a second call changes nothing and tells nothing. */
  public Decision<User, UserEvent> withProfile(Instant at) {
    if (profile.isPresent()) {
      return new Decision<>(this, List.of());
    }
    var made = new Profile(displayName(), at);
    return new Decision<>(new User(id, email, name, createdAt, Optional.of(made)),
        List.of(new UserProfileCreated(id, made.displayName())));
  }

  private String displayName() {
    return name.map(UserName::value).orElseGet(() -> email.value().substring(0, email.value().indexOf('@')));
  }
}
