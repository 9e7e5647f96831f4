//! Things a person should look at (要確認). Open ones follow from the ledger and are replaced with it; answers stay.

use crate::entity::check as row;
use crate::resource_list::{count_per, count_rows};
use crate::tx::CHUNK;
use crate::{Page, PageRequest, ReadTx, StoreError, TenantTx, WritesLedger, codec};
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::access::Granted;
use tomomori_domain::check::{Check, CheckKind, Remedy};
use tomomori_domain::ids::{LineId, ResourceId};

/// Where a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// Nobody has answered.
    Open,
    /// A person answered.
    Answered,
}

impl CheckState {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            CheckState::Open => "open",
            CheckState::Answered => "answered",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [CheckState::Open, CheckState::Answered].into_iter().find(|state| state.key() == key)
    }
}

/// A check with who looks after it and what was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckRow {
    /// Key within the tenant.
    pub id: String,
    /// What was noticed.
    pub check: Check,
    /// Where it stands.
    pub state: CheckState,
    /// The answer.
    pub answer: Option<Remedy>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<Date>,
    /// Since when it is known.
    pub first_seen: Timestamp,
}

/// Which checks are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckFilter {
    /// Of this kind.
    pub kind: Option<CheckKind>,
    /// Answered ones instead of open ones.
    pub answered: bool,
    /// About this device.
    pub resource: Option<ResourceId>,
}

impl TenantTx {
    /// Makes the open checks these: what is no longer true goes, what was answered stays answered as long as its facts are
    /// the same. `cells` are doubts about the cells of lists, each with its list; they stay until a newer version of
    /// one of the lists in `read_again` comes.
    ///
    /// # Errors
    /// Database errors.
    pub async fn replace_checks<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        checks: &[Check],
        cells: &[(String, Check)],
        read_again: &[String],
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let mut stored: HashMap<String, row::Model> = HashMap::new();
        for row in self.find::<row::Entity>().all(&self.conn).await? {
            stored.insert(row.id.clone(), row);
        }
        let mut put: BTreeMap<String, row::Model> = BTreeMap::new();
        let all = checks.iter().map(|check| (None, check)).chain(cells.iter().map(|(list, c)| (Some(list), c)));
        for (list, check) in all {
            let mut row = self.check_row(check, list.cloned())?;
            if let Some(old) = stored.remove(&row.id) {
                row = row::Model {
                    state: old.state.clone(),
                    answer: old.answer.clone(),
                    answered_by: old.answered_by.clone(),
                    answered_at: old.answered_at,
                    owner: old.owner.clone(),
                    due_on: old.due_on.clone(),
                    first_seen_at: old.first_seen_at,
                    ..row
                };
                if row == old {
                    continue;
                }
            }
            put.insert(row.id.clone(), row);
        }
        let goes = |row: &row::Model| match &row.source {
            Some(list) => read_again.contains(list),
            None => row.state == CheckState::Open.key(),
        };
        let gone: Vec<String> = stored.into_values().filter(goes).map(|row| row.id).collect();
        for chunk in gone.chunks(CHUNK) {
            let ids = chunk.iter().map(String::as_str);
            self.delete::<row::Entity>().filter(row::Column::Id.is_in(ids)).exec(&self.conn).await?;
        }
        self.put::<row::Entity>(put.into_values().collect()).await
    }

    /// Notes an answer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn answer_check<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        id: &str,
        answer: &Remedy,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self
            .update::<row::Entity>()
            .col_expr(row::Column::State, Expr::val(CheckState::Answered.key()))
            .col_expr(row::Column::Answer, Expr::val(codec::to_json(answer)?))
            .col_expr(row::Column::AnsweredBy, Expr::val(self.actor.name.clone()))
            .col_expr(row::Column::AnsweredAt, Expr::val(codec::ms(self.now)))
            .filter(row::Column::Id.eq(id))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("check")) }
    }

    /// Asks again what was answered with one of these, because what the answers did was taken back.
    ///
    /// # Errors
    /// Database errors.
    pub async fn reopen_checks<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        answers: &[Remedy],
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let answers = answers.iter().map(codec::to_json).collect::<Result<Vec<_>, _>>()?;
        for chunk in answers.chunks(CHUNK) {
            self.update::<row::Entity>()
                .col_expr(row::Column::State, Expr::val(CheckState::Open.key()))
                .col_expr(row::Column::Answer, Expr::val(Option::<String>::None))
                .col_expr(row::Column::AnsweredBy, Expr::val(Option::<String>::None))
                .col_expr(row::Column::AnsweredAt, Expr::val(Option::<i64>::None))
                .filter(row::Column::Answer.is_in(chunk.iter().map(String::as_str)))
                .exec(&self.conn)
                .await?;
        }
        Ok(())
    }

    /// Says who looks after a check and until when.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn assign_check<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        id: &str,
        owner: Option<&str>,
        due: Option<Date>,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self
            .update::<row::Entity>()
            .col_expr(row::Column::Owner, Expr::val(owner.map(str::to_owned)))
            .col_expr(row::Column::DueOn, Expr::val(due.map(|day| day.to_string())))
            .filter(row::Column::Id.eq(id))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("check")) }
    }

    fn check_row(&self, check: &Check, source: Option<String>) -> Result<row::Model, StoreError> {
        let weight = CheckKind::ALL.iter().position(|kind| *kind == check.kind).unwrap_or(CheckKind::ALL.len());
        Ok(row::Model {
            tenant_id: self.tenant(),
            id: codec::sha256(&[check.key.as_bytes()])[..32].to_owned(),
            key: check.key.clone(),
            kind: check.kind.key().to_owned(),
            weight: i32::try_from(weight).unwrap_or(i32::MAX),
            resource_id: check.resource.map(|id| id.0),
            line_id: check.line.map(|id| id.0),
            place: check.place.as_ref().map(codec::to_json).transpose()?,
            msg: codec::to_json(&check.msg)?,
            answers: codec::to_json(&check.answers)?,
            state: CheckState::Open.key().to_owned(),
            source,
            answer: None,
            answered_by: None,
            answered_at: None,
            owner: None,
            due_on: None,
            first_seen_at: codec::ms(self.now),
        })
    }
}

impl ReadTx {
    /// A page of checks, the weightiest kind first.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_checks(&self, filter: &CheckFilter, page: &PageRequest) -> Result<Page<CheckRow>, StoreError> {
        let mut query = self.checks_where(filter);
        if let Some((weight, last)) = page.cursor::<(i32, String)>()? {
            let later = Expr::col(row::Column::Weight).eq(weight).and(Expr::col(row::Column::Id).gt(last));
            query = query.filter(Condition::any().add(row::Column::Weight.gt(weight)).add(later));
        }
        let query = query.order_by_asc(row::Column::Weight).order_by_asc(row::Column::Id).limit(page.rows() + 1);
        let rows = query.all(&self.conn).await?;
        let weights: HashMap<String, i32> = rows.iter().map(|row| (row.id.clone(), row.weight)).collect();
        let rows = rows.into_iter().map(check).collect::<Result<Vec<_>, _>>()?;
        page.page(rows, |row| (weights.get(&row.id).copied().unwrap_or_default(), row.id.clone()))
    }

    /// How many checks there are per kind.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_checks(&self, filter: &CheckFilter) -> Result<BTreeMap<CheckKind, u64>, StoreError> {
        let all = CheckFilter { kind: None, ..filter.clone() };
        let rows: Vec<(String, u64)> = count_per(self.checks_where(&all), row::Column::Kind, &self.conn).await?;
        rows.into_iter().map(|(kind, n)| Ok((codec::key("check kind", &kind, CheckKind::from_key)?, n))).collect()
    }

    /// How many checks match.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_checks_matching(&self, filter: &CheckFilter) -> Result<u64, StoreError> {
        count_rows(self.checks_where(filter), &self.conn).await
    }

    /// Keys of all checks, answered ones included.
    ///
    /// # Errors
    /// Database errors.
    pub async fn check_keys(&self) -> Result<Vec<String>, StoreError> {
        let query = self.find::<row::Entity>().select_only().column(row::Column::Key);
        Ok(query.into_tuple().all(&self.conn).await?)
    }

    /// One check.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn check_named(&self, id: &str) -> Result<CheckRow, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id)).one(&self.conn).await?;
        check(row.ok_or(StoreError::NotFound("check"))?)
    }

    fn checks_where(&self, filter: &CheckFilter) -> Select<row::Entity> {
        let state = if filter.answered { CheckState::Answered } else { CheckState::Open };
        let mut query = self.find::<row::Entity>().filter(row::Column::State.eq(state.key()));
        if let Some(kind) = filter.kind {
            query = query.filter(row::Column::Kind.eq(kind.key()));
        }
        if let Some(resource) = filter.resource {
            query = query.filter(row::Column::ResourceId.eq(resource.0));
        }
        query
    }
}

fn check(row: row::Model) -> Result<CheckRow, StoreError> {
    Ok(CheckRow {
        check: Check {
            key: row.key,
            kind: codec::key("check kind", &row.kind, CheckKind::from_key)?,
            resource: row.resource_id.map(ResourceId),
            line: row.line_id.map(LineId),
            place: row.place.as_deref().map(codec::from_json).transpose()?,
            msg: codec::from_json(&row.msg)?,
            answers: codec::from_json(&row.answers)?,
        },
        id: row.id,
        state: codec::key("check state", &row.state, CheckState::from_key)?,
        answer: row.answer.as_deref().map(codec::from_json).transpose()?,
        answered_by: row.answered_by,
        answered_at: row.answered_at.map(codec::time).transpose()?,
        owner: row.owner,
        due: codec::opt_date(row.due_on.as_deref())?,
        first_seen: codec::time(row.first_seen_at)?,
    })
}
