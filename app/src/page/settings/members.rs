//! Members: who may do what, and who is invited.

use super::{handed_over, role_name, settings_page};
use crate::act;
use crate::backend::HandoverKind;
use crate::page::{Ask, Problem, Screen};
use crate::text::time;
use crate::ui::layout::{Column, table};
use crate::ui::{self, Field, Hidden, Kind, Select};
use dispatch::tenant::{Permission, Role};
use dispatch::view::{InvitationView, MemberView};
use leptos::prelude::*;

/// Everybody, and the form that invites one more.
pub async fn members(ask: Ask) -> Result<Screen, Problem> {
    let t = ask.t;
    let account = ask.account()?;
    let store = ask.desk.store.clone();
    let may_manage = ask.desk.may(Permission::ManageMembers);
    let people = store.members(account).await?;
    let invited =
        if may_manage { store.invitations(account, ask.desk.now()).await? } else { Vec::new() };

    let mut columns = vec![
        Column::words(t.members_person()),
        Column::words(t.members_role()),
        Column::words(t.members_since()),
    ];
    if may_manage {
        columns.push(Column::words(t.members_acts()));
    }
    let rows = people.iter().map(|member| row(&ask, member, may_manage)).collect_view();
    let pending = (!invited.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2>{t.members_invited()}</h2>
                <ul class="list">{invited.iter().map(|each| invitation(&ask, each)).collect_view()}</ul>
            </section>
        }
    });
    let content = view! {
        <div class="stack--wide">
            {handed_over(&ask, HandoverKind::InvitationLink, t.members_link())}
            {table("table--members", t.settings_members(), columns, rows)}
            {pending}
            {may_manage.then(|| invite(&ask))}
        </div>
    };
    Ok(settings_page(&ask, t.settings_members(), t.settings_members_words(), (), content))
}

fn roles(ask: &Ask) -> Vec<(String, String)> {
    Role::ALL
        .iter()
        .map(|role| (role.word().to_owned(), role_name(ask.t, *role).to_owned()))
        .collect()
}

fn row(ask: &Ask, member: &MemberView, may_manage: bool) -> AnyView {
    let t = ask.t;
    let is_me = ask.desk.guest.as_ref().is_some_and(|guest| guest.user.id == member.user);
    let role = if may_manage {
        let options = Role::ALL
            .iter()
            .map(|role| {
                let selected = *role == member.role;
                view! { <option value=role.word() selected=selected>{role_name(t, *role)}</option> }
            })
            .collect_view();
        view! {
            {ui::form(act::SET_ROLE, "row", view! {
                <Hidden name="user" value=member.user.to_string()/>
                <select class="input input--select" name="role" aria-label=t.members_role_of(&member.name)>{options}</select>
                <button class="btn btn--s" type="submit">{t.save()}</button>
            })}
        }
        .into_any()
    } else {
        role_name(t, member.role).into_any()
    };
    let acts = may_manage.then(|| {
        let remove = (!is_me).then(|| {
            view! {
                {ui::form(act::REMOVE, "", view! {
                    <Hidden name="user" value=member.user.to_string()/>
                    <button class="btn btn--s btn--quiet btn--bad" type="submit" aria-label=t.members_remove_named(&member.name)>
                        {t.members_remove()}
                    </button>
                })}
            }
        });
        view! { <td>{remove}</td> }
    });
    view! {
        <tr>
            <td>
                <span class="two">
                    <b>{member.name.clone()}{is_me.then(|| format!(" {}", t.members_you()))}</b>
                    <small>{member.email.clone()}</small>
                </span>
            </td>
            <td>{role}</td>
            <td class="faint">{time::date(ask.lang, member.since, &ask.zone)}</td>
            {acts}
        </tr>
    }
    .into_any()
}

fn invitation(ask: &Ask, invitation: &InvitationView) -> AnyView {
    let t = ask.t;
    let until = time::date(ask.lang, invitation.expires_at, &ask.zone);
    view! {
        <li>
            <span class="two grow">
                <b>{invitation.email.clone()}</b>
                <small>{format!("{}, {}", role_name(t, invitation.role), t.members_until(until))}</small>
            </span>
            {ui::form(act::WITHDRAW, "", view! {
                <Hidden name="invitation" value=invitation.id.to_string()/>
                <button class="btn btn--s btn--quiet" type="submit" aria-label=t.members_withdraw_named(&invitation.email)>
                    {t.members_withdraw()}
                </button>
            })}
        </li>
    }
    .into_any()
}

fn invite(ask: &Ask) -> AnyView {
    let t = ask.t;
    view! {
        <section class="stack">
            <h2>{t.members_invite()}</h2>
            <p class="muted">{t.members_invite_words()}</p>
            {ui::form(act::INVITE, "form", view! {
                <Field name="email" label=t.auth_email() kind="email" autocomplete="off" required=true/>
                <Select name="role" label=t.members_role() hint=t.members_role_hint() options=roles(ask) value=Role::Editor.word() required=true/>
                <div class="form__acts">{ui::submit(Kind::Primary, t.members_invite())}</div>
            })}
        </section>
    }
    .into_any()
}
